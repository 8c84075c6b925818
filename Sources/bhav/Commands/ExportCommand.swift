import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// `bhav export`: bars of the store.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Export bars of the store, oldest first.",
        discussion: """
            Reads the store only. Without --from everything stored is exported. json has the origin of each stretch of \
            bars, ndjson that of each bar. csv and ndjson are streamed; json, arrow (an Arrow IPC stream, for pyarrow \
            and polars) and tables hold at most a million bars. bhav import reads every format but arrow. Exit code 2: \
            bars are missing within the range; bhav gaps lists them.

            bhav export NSE:NIFTY --interval 5m -o nifty.csv
            bhav export NIFTY -i 1d --from 2026-01-01 --format ndjson
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @Flag(
        name: .long,
        help: "Include bars at prices from before a split (default: left out).")
    var outdated = false

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Input {
        let key: SeriesKey
        let range: TimeRange?
        let now: Timestamp
        let withOutdated: Bool
    }

    func run() async throws {
        let output = output
        try await market.withStore(.reading, reading: { try input() }) { store, configuration, input in
            let key = input.key
            let range = try await StoredRange.range(input.range, of: key, in: store, now: input.now)
            let survey = try await SeriesSurvey(
                of: key, over: range, in: store,
                boundaries: try await configuration.calendars.boundaries(of: key, in: store), now: input.now)
            // Without --from and --to the range ends with the newest bar.
            let missing =
                input.range == nil
                ? ExportCommand.inner(survey.missing, last: try await store.newestBars(of: key, count: 1).bars.last)
                : survey.missing
            let pages = StoredPages(store: store, key: key, range: range, withFormer: input.withOutdated)
            let origins =
                switch output.format(inPipe: .csv) {
                case .csv, .ndjson: try await ExportCommand.stream(pages, output)
                case .json, .table, .arrow:
                    try await ExportCommand.printWhole(pages, missing, output, now: input.now)
                }
            Console.say("bhav: \(key.symbol) \(origins.words(now: input.now))")
            if let words = ExportCommand.words(missing) { Console.say("bhav: \(words)") }
            if !missing.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
        }
    }

    private static func stream(_ pages: StoredPages, _ output: OutputOptions) async throws -> StoredOrigins {
        var origins = StoredOrigins()
        let destination = try output.destination()
        let withOpenInterest = try await pages.haveOpenInterest()
        let withOrigins = output.format(inPipe: .csv) == .ndjson
        var isFirst = true
        func print(_ page: StoredBars) throws {
            origins.add(page)
            let rows = StoredRows(
                symbol: pages.key.symbol, page: page, withOpenInterest: withOpenInterest, withOrigins: withOrigins)
            try output.print(rows, to: destination, withHeader: isFirst)
            isFirst = false
        }
        try await pages.forEach { page in
            try print(page)
            return true
        }
        if isFirst { try print(.none) }
        return origins
    }

    private static let mostWhole = 1_000_000

    private static func printWhole(
        _ pages: StoredPages, _ missing: [TimeRange], _ output: OutputOptions, now: Timestamp
    ) async throws -> StoredOrigins {
        let stored = try await pages.bars(in: pages.range, limit: mostWhole + 1)
        guard stored.bars.count <= mostWhole else {
            throw MarketDataError(
                .tooLarge,
                "more than \(mostWhole) bars for one document; use --format csv or ndjson, or a shorter range")
        }
        try output.print(StoredSeries(key: pages.key, stored: stored, missing: missing, now: now))
        var origins = StoredOrigins()
        origins.add(stored)
        return origins
    }

    /// How many ranges are missing, and the first of them; `nil` for none.
    static func words(_ missing: [TimeRange]) -> String? {
        guard !missing.isEmpty else { return nil }
        let named = missing.prefix(3).map { "from \($0.from) to \($0.to)" }.joined(separator: ", ")
        let more = missing.count > 3 ? " and \(missing.count - 3) more (bhav gaps lists them)" : ""
        return "\(missing.count == 1 ? "1 range is" : "\(missing.count) ranges are") missing: \(named)\(more)"
    }

    private static func inner(_ missing: [TimeRange], last: Bar?) -> [TimeRange] {
        guard let last else { return missing }
        return missing.filter { $0.from < last.time }
    }

    private func input() throws -> Input {
        let (symbol, now) = (try SymbolName.symbol(symbol), SystemClock.now())
        return Input(
            key: try series.key(symbol), range: try series.range(of: symbol, now: now), now: now,
            withOutdated: outdated)
    }
}
