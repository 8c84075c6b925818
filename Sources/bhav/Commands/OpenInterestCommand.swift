import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
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

    @Option(
        name: .long, help: "Which strikes: all, or the lowest and the highest, as 24000-26000 (default: the source's).")
    var strikes: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    func run() async throws {
        let output = output
        try await market.withMarket(remembering: true, asking: { try request() }) { market, request in
            let answer = try await Waiting.forAnswer("the open interest of \(request.symbol)") {
                try await market.hub.openInterest(request)
            }
            if output.format(inPipe: .csv) == .table {
                try output.destination().write(OptionTable(answer).text())
            } else {
                try output.print(answer)
            }
            if !output.holdsProvenance { OpenInterestCommand.say(answer) }
        }
    }

    private func request() throws -> OpenInterestRequest {
        let symbol = try SymbolName.symbol(symbol)
        return OpenInterestRequest(
            symbol: symbol, expiry: try expiry.date(),
            at: try at.map { try MomentOption.moment($0, of: symbol, now: SystemClock.now()) },
            strikes: try strikes.map { try StrikeSelection($0) } ?? .usual)
    }

    private static func say(_ answer: OpenInterestSnapshot) {
        Console.say("bhav: \(answer.symbol) \(answer.expiry), open interest in \(answer.unit.rawValue)")
        for line in answer.analysisLines + [answer.provenance.words] { Console.say("      \(line)") }
    }
}
