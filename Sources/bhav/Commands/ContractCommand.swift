import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav contract`: the session of one future or option.
struct ContractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract",
        abstract: "Price and open interest of one future or option through the session.",
        discussion: """
            Each row is stamped with the end of its interval. Open interest, its change since the interval before and
            the volume are counted in what standard error names; the build-up is in the source's own words.
            """
    )

    @Argument(help: "The underlying: EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "The strike price of a call or put, such as 26000.")
    var strike: String?

    @Option(name: .long, help: "call, put or future.")
    var type: String

    @Option(name: .long, help: "The length of an interval: 5m or 15m.")
    var interval: String = "5m"

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try request() }) { market, request in
            let answer = try await Waiting.forAnswer("the session of a contract on \(request.underlying)") {
                try await market.hub.contractHistory(request)
            }
            try output.print(answer)
            if !output.holdsProvenance { ContractCommand.say(answer) }
        }
    }

    private func request() throws -> ContractHistoryRequest {
        ContractHistoryRequest(
            underlying: try SymbolName.symbol(symbol), expiry: try expiry.date(),
            kind: try DerivativeContract.Kind(type, strike: try price()), interval: try Interval(interval))
    }

    private func price() throws -> Strike? {
        guard let strike else { return nil }
        guard let price = Strike(strike) else {
            throw MarketDataError.badRequest("--strike '\(strike)' is no price; write 26000 or 112.5")
        }
        return price
    }

    private static func say(_ answer: ContractHistory) {
        Console.say("bhav: \(answer.contract) on \(answer.tradingDay), in \(answer.unit.rawValue)")
        Console.say("      \(answer.provenance.words)")
    }
}
