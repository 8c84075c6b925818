import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav chain`: an option chain with prices, implied volatilities and greeks.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Show an option chain with prices, volatilities and greeks.",
        discussion: """
            Volatilities and greeks are by Black-76 on the forward that calls and puts agree on; the source's own volatility \
            stands beside them and is by another model. What prices do not give is left empty, and csv says why in callReason \
            and putReason. A table shows the ten strikes on either side of the money unless --strikes says otherwise.

            bhav chain NIFTY --rate 0.065
            bhav chain NIFTY --expiry next --format csv -o chain.csv
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "Interest rate, continuous, 0.07 for 7 % a year (default: 0).")
    var rate: String?

    @OptionGroup var strikes: StrikeOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Question: Sendable {
        let symbol: Symbol
        let rate: Double
    }

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try question() }) { [expiry, strikes] market, question in
            let date = try await expiry.date(of: question.symbol, from: market.hub)
            var chain = try await Waiting.forAnswer("the option chain of \(question.symbol)") {
                try await market.hub.optionChain(of: question.symbol, expiry: date)
            }
            chain.snapshot = try chain.snapshot.holding(strikes.selection)
            let answer = OptionChainAnswer(chain, rate: question.rate)
            if output.format(inPipe: .csv) == .table {
                let table = OptionTable(chain.snapshot, answer.analysis)
                try output.destination().write(table.text(strikes.shown(of: chain.snapshot)))
            } else {
                try output.print(answer, inPipe: .csv)
            }
            if output.format(inPipe: .csv) != .json { ChainCommand.say(answer) }
        }
    }

    private func question() throws -> Question {
        Question(
            symbol: try SymbolName.symbol(symbol),
            rate: try rate.map { text in try ChainAnalysis.rate(text, named: "--rate") } ?? ChainAnalysis.standardRate)
    }

    private static func say(_ answer: OptionChainAnswer) {
        let snapshot = answer.chain.snapshot
        Console.say("bhav: \(snapshot.symbol) \(snapshot.expiry), in \(snapshot.unit.rawValue)")
        let own = snapshot.provenance.source.volatilityModel ?? "by a model that is not known"
        let lines =
            snapshot.analysisLines + answer.analysis.lines + sourceLines(answer.chain)
            + ["source IV: \(own)", snapshot.provenance.words]
        for line in lines { Console.say("      \(line)") }
    }

    private static func sourceLines(_ chain: OptionChain) -> [String] {
        let ratios = PutCallRatio.Basis.allCases.compactMap { basis in
            chain.sourceRatios[basis].map { "by \(basis.rawValue) \($0.shortest)" }
        }
        let pain = chain.sourceMaxPain.map { ["max pain \($0)"] } ?? []
        guard !(ratios + pain).isEmpty else { return [] }
        return ["the source's own, over strikes of its choosing: " + (ratios + pain).joined(separator: ", ")]
    }
}
