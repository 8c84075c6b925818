import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav expiries`: the dates on which options expire.
struct ExpiriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expiries", abstract: "Option expiries of an underlying, nearest first.")

    @Argument(help: "EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
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
