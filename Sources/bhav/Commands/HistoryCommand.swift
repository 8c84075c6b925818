import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub
import MarketStore

/// `bhav history`: past bars.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show past bars of one symbol or many, oldest first.",
        discussion: """
            If BHAV_DATA has a store, bars are read from it, and missing ones are fetched and stored. --no-store uses \
            the source alone. With several symbols --output is a folder in which existing files are kept unless \
            --overwrite is given; without --output the rows begin with their symbol. The file of a single symbol is \
            always replaced. The outcome of each symbol is reported on standard error.

            bhav history NSE:NIFTY --interval 5m --bars 1000
            bhav history NIFTY -i 1d --from 2026-01-01 --to 2026-03-31 -o nifty.csv
            bhav history --symbols watchlist.txt -i 1d -n 500 -o bars/
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: ArgumentHelp(stringLiteral: SymbolList.fileHelp))
    var symbolsFile: String?

    @Option(name: .long, help: "Delay between symbols, in milliseconds.")
    var pause = 100

    @Flag(name: .long, help: "With several symbols, replace existing files.")
    var overwrite = false

    @Flag(
        name: .customLong("store"), inversion: .prefixedNo,
        help: "Use the store in BHAV_DATA (default: if it exists).")
    var store: Bool?

    @OptionGroup var series: SeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        // --store and --no-store select the local store or the sources, and so not the server of BHAV_URL.
        try await market.withMarket(
            usingStore: try store ?? hasStore(), throughServer: store == nil, reading: { try requests() }
        ) { market, requests in
            if store == true { try await HistoryCommand.requireStore(of: market) }
            try await print(requests, from: market.hub)
        }
    }

    private func print(_ requests: [HistoryBatch.Item], from hub: MarketHub) async throws {
        if requests.count == 1, !output.namesFolder, case .success(let request) = requests[0].request {
            try await HistoryCommand.print(request, from: hub, output)
        } else {
            try output.makeFolder()
            let pause = Duration.milliseconds(max(0, pause))
            let batch = HistoryBatch(items: requests, output: output, pause: pause, overwrite: overwrite)
            try await batch.run(hub)
        }
    }

    /// Whether the selected market has a store.
    private func hasStore() throws -> Bool {
        // A configuration that cannot be read is reported where it is used.
        guard let configuration = try? market.configuration() else { return false }
        return SQLiteMarketStore.exists(in: configuration.dataFolder, contents: configuration.storeContents)
    }

    /// Throws the reason where the requested store cannot be opened.
    private static func requireStore(of market: Market) async throws {
        guard market.store == nil else { return }
        try await CommandFailure.namingStore(market.configuration) {
            _ = try market.configuration.openStore(for: .writing)
        }
    }

    private func requests() throws -> [HistoryBatch.Item] {
        let now = SystemClock.now()
        return try SymbolList.items(arguments: symbols, file: symbolsFile).map { item in
            switch item.meaning {
            case .success(let symbol):
                .init(label: item.label, request: .success(try series.request(symbol: symbol, now: now)))
            case .failure(let unknown): .init(label: item.label, request: .failure(unknown))
            }
        }
    }

    private static func print(_ request: BarRequest, from hub: MarketHub, _ output: OutputOptions) async throws {
        let response = try await Waiting.forResponse("the bars of \(request.symbol)") {
            try await hub.bars(request)
        }
        try output.print(response)
        if !output.holdsProvenance { Console.say("bhav: \(request.symbol) \(response.words)") }
        for note in response.allNotes { Console.say("bhav: note: \(note)") }
        try HistoryCommand.report(missingFrom: response)
    }

    private static func report(missingFrom response: BarSeries) throws {
        guard !response.isComplete else { return }
        for gap in response.gaps {
            Console.say("bhav: no bars from \(gap.range.from) to \(gap.range.to): \(gap.reason)")
        }
        if let shortfall = response.shortfall {
            Console.say("bhav: \(response.bars.count) bars, fewer than requested: \(shortfall.rawValue)")
        }
        throw ExitCode(CommandExit.partial.rawValue)
    }
}
