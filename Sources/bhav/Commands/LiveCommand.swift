import ArgumentParser
import BhavApp
import MarketData
import MarketHub

/// `bhav live`: quotes, or bars, as they come.
struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Print quotes, or with --bars bars, as they come.",
        discussion: """
            In a pipe each is a line of JSON.

            bhav live NSE:NIFTY NSE:BANKNIFTY --count 20
            bhav live NIFTY --bars 1m --for 10m --format ndjson
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String]

    @Option(name: .long, help: "Interval of bars to print instead of quotes.")
    var bars: Interval?

    @Option(name: .long, help: "Number of lines to end after.")
    var count: Int?

    @Option(name: .customLong("for"), help: "Time to end after, such as 30s, 10m, 2h.")
    var duration: DurationOption?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    struct Question: Sendable {
        let symbols: [Symbol]
        /// The names that stand for no instrument, and why.
        let unknown: [SymbolName.Unknown]
        let interval: Interval?
        let count: Int
        let duration: Duration?
    }

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try question() }) { market, question in
            let printer = try LivePrinter(output)
            let watch = LiveWatch(hub: market.hub, question: question, printer: printer)
            try await watch.run()
        }
    }

    private func question() throws -> Question {
        if let count, count < 1 { throw MarketDataError.badRequest("--count is \(count); it must be at least 1") }
        let wishes = try SymbolList.wishes(arguments: symbols, file: nil)
        var known: [Symbol] = []
        var unknown: [SymbolName.Unknown] = []
        for wish in wishes {
            switch wish.meaning {
            case .success(let symbol): known.append(symbol)
            case .failure(let name): unknown.append(name)
            }
        }
        if known.isEmpty, let first = unknown.first { throw first }
        return Question(
            symbols: known, unknown: unknown, interval: bars, count: count ?? .max, duration: duration?.duration)
    }
}
