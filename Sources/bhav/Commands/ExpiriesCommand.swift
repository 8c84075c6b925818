import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav expiries`: the dates on which options expire.
struct ExpiriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expiries", abstract: "List the option expiries of an underlying, nearest first.")

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try SymbolName.symbol(symbol) }) { market, symbol in
            let answer = try await market.hub.expiries(of: symbol)
            try output.print(answer)
            if !output.holdsProvenance { Console.say("bhav: \(symbol) \(answer.provenance.words)") }
        }
    }
}
