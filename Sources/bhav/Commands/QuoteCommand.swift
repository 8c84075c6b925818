import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav quote`: the quotes of now.
struct QuoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote",
        abstract: "Show the latest quotes of one symbol or many.",
        discussion: """
            Exit code 2 means that some symbols have no quote; standard error says why. bhav live follows quotes.

            bhav quote NIFTY BANKNIFTY
            bhav quote NSE:RELIANCE --format json
            """,
        aliases: ["quotes"]
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolList.argumentHelp))
    var symbols: [String] = []

    @Option(name: .customLong("symbols"), help: ArgumentHelp(stringLiteral: SymbolList.fileHelp))
    var symbolsFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        let read = { try SymbolList.items(arguments: symbols, file: symbolsFile) }
        try await market.withMarket(reading: read) { market, items in
            var (known, refusals) = ([Symbol](), [QuoteList.Refusal]())
            for item in items {
                switch item.meaning {
                case .success(let symbol): known.append(symbol)
                case .failure(let unknown):
                    let error = unknown.located(await market.hub.proposing(unknown.error, for: unknown.name))
                    refusals.append(.init(name: unknown.name, error: error))
                }
            }
            let symbols = known
            let response = try await Waiting.forResponse("quotes") { await market.hub.quotes(of: symbols) }
            let list = QuoteList(
                quotes: response.quotes,
                errors: refusals + response.failures.map { .init(symbol: $0.symbol, error: $0.error) })
            if list.quotes.isEmpty, let first = list.errors.first { throw first.error }
            try QuoteCommand.print(list, output)
            for refusal in list.errors {
                Console.say("bhav: \(refusal.name): \(CommandFailure(refusal.error).message)")
            }
            if !list.errors.isEmpty { throw ExitCode(CommandExit.partial.rawValue) }
        }
    }

    private static func print(_ list: QuoteList, _ output: OutputOptions) throws {
        guard output.format(inPipe: .csv) == .table else { return try output.print(list) }
        let printer = try LivePrinter(output)
        for quote in list.quotes { try printer.print(quote) }
    }
}
