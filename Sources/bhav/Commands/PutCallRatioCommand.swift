import ArgumentParser
import BhavApp
import MarketData
import MarketFormats
import MarketHub

/// `bhav pcr`: put-call ratios, now or over time.
struct PutCallRatioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pcr",
        abstract: "Show put-call ratios, now or over time.",
        discussion: """
            Puts over calls, by open interest, by its change and, where the source has it, by volume. A ratio that means \
            nothing is left empty, with the reason on standard error.

            bhav pcr NIFTY
            bhav pcr NIFTY --from today --format csv
            """
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @OptionGroup var expiry: ExpiryOptions

    @Option(name: .long, help: "First moment of a series, of the exchange unless it has a zone.")
    var from: String?

    @Option(name: .long, help: "End of the series (default: now).")
    var to: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Question: Sendable {
        let symbol: Symbol
        var expiry: CalendarDate?
        let range: TimeRange?
    }

    func run() async throws {
        let output = output
        try await market.withMarket(remembering: true, asking: { try question() }) { [expiry] market, asked in
            var question = asked
            question.expiry = try await expiry.date(of: question.symbol, from: market.hub)
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
        return Question(symbol: symbol, expiry: nil, range: range)
    }
}
