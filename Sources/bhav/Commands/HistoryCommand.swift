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
            Where BHAV_DATA has a store, bars come through it: what it lacks is fetched and kept. --no-store asks the source \
            alone. With many symbols --output is a folder, where a file that exists is kept unless --overwrite is given; \
            without --output the rows begin with their symbol. One symbol's file is replaced. The outcome of each symbol is \
            reported on standard error.

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

    @Flag(name: .long, help: "With many symbols, replace the files that exist.")
    var overwrite = false

    @Flag(
        name: .customLong("store"), inversion: .prefixedNo,
        help: "Answer through the store in BHAV_DATA (default: where there is one).")
    var store: Bool?

    @OptionGroup var series: SeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        if let server = try server() {
            return try await Bhav.reporting { try await answer(from: HistorySource(server), of: requests()) }
        }
        let throughStore = try store ?? hasStore()
        try await market.withMarket(remembering: throughStore, asking: { try requests() }) {
            market, requests in
            if store == true { try await HistoryCommand.requireStore(of: market) }
            try await answer(from: HistorySource(market.hub), of: requests)
        }
    }

    private func answer(from source: HistorySource, of requests: [HistoryBatch.Wish]) async throws {
        if requests.count == 1, !output.namesFolder, case .success(let request) = requests[0].request {
            try await HistoryCommand.answer(request, source, output)
        } else {
            try output.makeFolder()
            let pause = Duration.milliseconds(max(0, pause))
            let batch = HistoryBatch(wishes: requests, output: output, pause: pause, overwrite: overwrite)
            try await batch.run(source)
        }
    }

    /// The server of `BHAV_URL`, unless the command line says whom to ask.
    private func server() throws -> RunningServer? {
        guard !market.mock, store == nil else { return nil }
        return try? market.configuration().runningServer
    }

    /// Whether there is a store of the market that is asked.
    private func hasStore() throws -> Bool {
        // A configuration that cannot be read is reported where it is used.
        guard let configuration = try? market.configuration() else { return false }
        return SQLiteMarketStore.exists(in: configuration.dataFolder, contents: configuration.storeContents)
    }

    /// Whoever asks for the store hears why there is none.
    private static func requireStore(of market: Market) async throws {
        guard market.store == nil else { return }
        try await CommandFailure.namingStore(market.configuration) {
            _ = try market.configuration.openStore(for: .writing)
        }
    }

    private func requests() throws -> [HistoryBatch.Wish] {
        let now = SystemClock.now()
        return try SymbolList.wishes(arguments: symbols, file: symbolsFile).map { wish in
            switch wish.meaning {
            case .success(let symbol):
                .init(label: wish.label, request: .success(try series.request(symbol: symbol, now: now)))
            case .failure(let unknown): .init(label: wish.label, request: .failure(unknown))
            }
        }
    }

    private static func answer(
        _ request: BarRequest, _ source: HistorySource, _ output: OutputOptions
    ) async throws {
        let answer = try await Waiting.forAnswer("the bars of \(request.symbol)") {
            try await source.bars(request)
        }
        try output.print(answer)
        if !output.holdsProvenance { Console.say("bhav: \(request.symbol) \(answer.words)") }
        for note in answer.allNotes { Console.say("bhav: note: \(note)") }
        try HistoryCommand.report(missingFrom: answer)
    }

    private static func report(missingFrom answer: BarSeries) throws {
        guard !answer.isComplete else { return }
        for gap in answer.gaps {
            Console.say("bhav: no bars from \(gap.range.from) to \(gap.range.to): \(gap.reason)")
        }
        if let shortfall = answer.shortfall {
            Console.say("bhav: \(answer.bars.count) bars, fewer than asked: \(shortfall.rawValue)")
        }
        throw ExitCode(CommandExit.partial.rawValue)
    }
}

/// Who is asked for bars: the market's sources, or a server that runs already.
struct HistorySource: Sendable {
    let bars: @Sendable (BarRequest) async throws -> BarSeries
    /// The error about an unknown ticker, with what a search finds by it.
    let proposing: @Sendable (MarketDataError, String) async -> MarketDataError

    init(_ hub: MarketHub) {
        bars = { try await hub.bars($0) }
        proposing = { await hub.proposing($0, for: $1) }
    }

    init(_ server: RunningServer) {
        bars = { try await HistorySource.bars($0, from: server) }
        proposing = { error, _ in error }
    }

    private static func bars(_ request: BarRequest, from server: RunningServer) async throws -> BarSeries {
        var query: [(name: String, value: String)] = [
            ("symbol", request.symbol.description), ("interval", request.interval.description),
            ("session", request.hours.rawValue), ("adjustment", request.adjustment.rawValue),
        ]
        switch request.span {
        case .count(let count): query.append(("count", "\(count)"))
        case .range(let range): query += [("from", range.from.description), ("to", range.to.description)]
        }
        if request.backAdjusted { query.append(("backAdjust", "true")) }
        if let currency = request.currency { query.append(("currency", currency)) }
        let (status, body) = try await server.get("/v1/bars", query)
        guard status == 200 else {
            throw MarketDataError(response: body)
                ?? MarketDataError(.upstreamUnreadable, "\(server.address) answered \(status) without a reason")
        }
        return try BarSeries(response: body, to: request)
    }
}
