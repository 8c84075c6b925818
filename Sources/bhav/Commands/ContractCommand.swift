import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav contract`: the session of one future or option.
struct ContractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract",
        abstract: "Show price and open interest of one contract today.",
        discussion: """
            Each row is stamped with the end of its interval. Open interest, its change since the interval before and the \
            volume are counted in the unit that standard error names.

            bhav contract NIFTY --strike 26000 --type CE
            bhav contract NIFTY --type future --expiry next
            """
    )

    @Argument(help: "Underlying: EXCHANGE:TICKER, or a name such as NIFTY.")
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "Strike price of a call or put, such as 26000.")
    var strike: Strike?

    @Option(name: .long, help: "Type of the contract: call (CE), put (PE) or future (FUT).")
    var type: ContractType

    @Option(name: .long, help: "Length of an interval: 5m or 15m.")
    var interval = Interval.fiveMinutes

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try request() }) { [expiry] market, asked in
            var request = asked
            request.expiry = try await expiry.date(of: request.underlying, from: market.hub)
            let answer = try await Waiting.forAnswer("the session of a contract on \(request.underlying)") {
                [request] in
                try await market.hub.contractHistory(request)
            }
            try output.print(answer)
            if !output.holdsProvenance { ContractCommand.say(answer) }
        }
    }

    private func request() throws -> ContractHistoryRequest {
        ContractHistoryRequest(
            underlying: try SymbolName.symbol(symbol), expiry: nil,
            kind: try DerivativeContract.Kind(type.rawValue, strike: strike), interval: interval)
    }

    private static func say(_ answer: ContractHistory) {
        Console.say("bhav: \(answer.contract) on \(answer.tradingDay), in \(answer.unit.rawValue)")
        Console.say("      \(answer.provenance.words)")
    }
}

/// What `--type` takes: the words, or what Indian exchanges write for them.
enum ContractType: String, CaseIterable, ExpressibleByArgument {
    case call, put, future

    init?(argument: String) {
        switch argument.lowercased() {
        case "call", "calls", "c", "ce": self = .call
        case "put", "puts", "p", "pe": self = .put
        case "future", "futures", "fut", "f": self = .future
        default: return nil
        }
    }
}
