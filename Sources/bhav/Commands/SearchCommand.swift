import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav search`: symbols by text.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search symbols by part of their ticker or name.")

    @Argument(help: "Part of a ticker or a name.")
    var text: String

    @Option(name: .long, help: "Type: index, stock, futures, option, forex, crypto, bond, fund, economic or cfd.")
    var type: String?

    @Option(name: .long, help: "Exchange, such as NSE (default: all).")
    var exchange: String?

    @Option(name: .long, help: "Most symbols to list.")
    var limit = 50

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(reading: { try query() }) { market, query in
            let found = try await market.hub.matches(query)
            try output.print(InstrumentList(found))
            if let note = found.note { Console.say(note) }
            if found.instruments.isEmpty {
                throw CommandFailure(
                    message: "no symbol matches '\(query.text)'; try a shorter text", exitCode: .noSuchSymbol)
            }
        }
    }

    private func query() throws -> SymbolQuery {
        guard (1...1000).contains(limit) else {
            throw MarketDataError.badRequest("--limit must be from 1 to 1000, got \(limit)")
        }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw MarketDataError.badRequest("the search text is empty; use part of a ticker or name")
        }
        return SymbolQuery(
            text: text, type: try type.map { try SymbolKind(word: $0).rawValue }, exchange: exchange?.uppercased(),
            limit: limit)
    }
}
