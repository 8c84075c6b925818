import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav pcr`: put-call ratios, now or over time.
struct PutCallRatioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pcr",
        abstract: "Put-call ratio by open interest, by change and, where the source has it, by volume.",
        discussion: "Puts over calls. A ratio that means nothing is left empty, and the reason is said."
    )

    @Argument(help: "EXCHANGE:TICKER, or a name of the symbol book such as NIFTY.")
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "A series from this moment; without a zone it is the exchange's.")
    var from: String?

    @Option(name: .long, help: "The series' end (default: now).")
    var to: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Question: Sendable {
        let symbol: Symbol
        let expiry: CalendarDate?
        let range: TimeRange?
    }

    func run() async throws {
        let output = output
        try await market.withMarket(remembering: true, asking: { try question() }) { market, question in
            let snapshots = try await PutCallRatioCommand.snapshots(question, market)
            guard let newest = snapshots.last else {
                throw MarketDataError(.noDataForTime, "there are no snapshots in that range")
            }
            let series = PutCallRatioSeries(symbol: question.symbol, snapshots: snapshots)
            try output.print(series)
            if !output.holdsProvenance { PutCallRatioCommand.say(series, newest) }
        }
    }

    private static func say(_ series: PutCallRatioSeries, _ newest: OpenInterestTotals) {
        Console.say("bhav: \(series.symbol) \(newest.expiry), \(newest.provenance.words)")
        let window = newest.strikeWindow
        Console.say("      strikes: \(window.value?.words ?? window.reason ?? "unknown")")
        for basis in PutCallRatio.Basis.allCases {
            let ratio = newest.putCallRatio(by: basis)
            if let reason = ratio.reason { Console.say("      no ratio by \(basis.rawValue): \(reason)") }
            if let note = ratio.note { Console.say("      by \(basis.rawValue): \(note)") }
        }
        let differences = series.differences
        guard !differences.isEmpty else { return }
        Console.say(
            "      the points differ in \(differences.joined(separator: ", ")), each row says its own: such ratios do "
                + "not compare")
    }

    private static func snapshots(_ question: Question, _ market: Market) async throws -> [OpenInterestTotals] {
        if let range = question.range {
            return try await market.hub.openInterestTotals(
                of: question.symbol, expiry: question.expiry, within: range)
        }
        let request = OpenInterestRequest(symbol: question.symbol, expiry: question.expiry)
        return [OpenInterestTotals(try await market.hub.openInterest(request))]
    }

    private func question() throws -> Question {
        let symbol = try SymbolName.symbol(symbol)
        let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: SystemClock.now())
        return Question(symbol: symbol, expiry: try expiry.date(), range: range)
    }
}
