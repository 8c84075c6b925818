import ArgumentParser
import BhavApp
import MarketAnswers
import MarketData
import MarketHub

/// `bhav oi`: open interest by strike.
struct OpenInterestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oi",
        abstract: "Open interest of an underlying's options, strike by strike.",
        discussion: "Totals and the put-call ratio hold for the strikes shown, which may be a window of those listed."
    )

    @Argument(help: "EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "As of this moment; without a zone it is the exchange's (default: now).")
    var at: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(asking: { try request() }) { market, request in
            let answer = try await Waiting.forAnswer("the open interest of \(request.symbol)") {
                try await market.hub.openInterest(request)
            }
            try output.print(answer)
            if !output.holdsProvenance { OpenInterestCommand.say(answer) }
        }
    }

    private func request() throws -> OpenInterestRequest {
        let symbol = try SymbolBook.symbol(symbol)
        let zone = ExchangeZone.zone(of: symbol.exchange)
        return OpenInterestRequest(
            symbol: symbol, expiry: try expiry.date(),
            at: try at.map { try Timestamp($0, zone: zone, dateMeans: .end) })
    }

    private static func say(_ answer: OpenInterestSnapshot) {
        let ratio = answer.putCallRatio(by: .openInterest)
        let change = answer.putCallRatio(by: .change)
        Console.say("bhav: \(answer.symbol) \(answer.expiry), open interest in \(answer.unit.rawValue)")
        Console.say("      calls \(ratio.calls.words), puts \(ratio.puts.words), put-call ratio \(ratio.words)")
        Console.say("      change: calls \(change.calls.words), puts \(change.puts.words), ratio \(change.words)")
        Console.say(
            "      spot \(answer.spot.words), at the money \((answer.atTheMoney?.price).words), "
                + "max pain \((answer.maxPain?.price).words), "
                + "\(answer.strikes.count) of \(answer.listedStrikes.map(String.init) ?? "an unknown number of") strikes"
        )
        Console.say("      \(answer.provenance.words)")
    }
}

extension Double? {
    fileprivate var words: String { self?.shortest ?? "unknown" }
}

extension PutCallRatio {
    fileprivate var words: String { value?.shortest ?? "none (\(reason ?? "unknown"))" }
}
