import ArgumentParser
import BhavApp
import MarketData
import MarketHub
import MarketStore

/// `bhav history`: past bars.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Past bars of one symbol or many, oldest first.",
        discussion: """
            bhav history NSE:NIFTY --interval 5m --bars 1000
            bhav history NIFTY -i 1d --from 2026-01-01 --to 2026-03-31 --format csv -o nifty.csv
            bhav history --symbols watchlist.txt -i 1d -n 500 -o bars/

            With many symbols --output is a folder, and a symbol whose file is there is not fetched again; without it the
            rows begin with their symbol. Each symbol's outcome is said on standard error.
            """
    )

    @Argument(help: "EXCHANGE:TICKER, or names of the symbol book such as NIFTY.")
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: "A file of symbols, one a line, # for comments; - for standard input.")
    var symbolsFile: String?

    @Option(name: .long, help: "Between two of many symbols, wait this many milliseconds.")
    var pause = 100

    @Flag(name: .long, help: "With many symbols, fetch those again whose file is there.")
    var overwrite = false

    @Flag(
        name: .customLong("store"),
        help: "Answer from the store in BHAV_DATA, fetch only what it lacks, and keep that.")
    var throughStore = false

    @OptionGroup var series: SeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        let overwrite = overwrite
        let pause = Duration.milliseconds(max(0, pause))
        try await market.withMarket(remembering: throughStore, asking: { try requests() }) {
            [throughStore] market, requests in
            if throughStore { try await HistoryCommand.requireStore(of: market) }
            if requests.count == 1, !output.namesFolder, case .success(let request) = requests[0].request {
                try await HistoryCommand.answer(request, market, output)
            } else {
                try output.makeFolder()
                let batch = HistoryBatch(wishes: requests, output: output, pause: pause, overwrite: overwrite)
                try await batch.run(market)
            }
        }
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

    private static func answer(_ request: BarRequest, _ market: Market, _ output: OutputOptions) async throws {
        let answer = try await Waiting.forAnswer("the bars of \(request.symbol)") {
            try await market.hub.bars(request)
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
