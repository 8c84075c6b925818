import MarketData
import MarketFormats
import MarketHistory
import MarketHub

/// The question what the store has.
struct CoverageRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        [
            .answering(
                "/v1/coverage", ["symbol", "interval", "from", "to", "session", "adjustment", "backAdjust", "missing"],
                with: coverage)
        ]
    }

    private func coverage(_ parameters: QueryParameters) async throws -> any Answer {
        let symbol = try parameters.symbol()
        let range = try parameters.range(of: symbol, now: clock())
        let series = BarRequest(
            symbol: symbol, interval: try parameters.interval(), span: .count(1),
            hours: try parameters.word("session", default: .regular),
            adjustment: try parameters.word("adjustment", default: .splits),
            backAdjusted: try parameters.word("backAdjust", default: Choice.no) == .yes)
        let onlyMissing = try parameters.word("missing", default: Choice.no) == .yes
        try range?.checkLength(in: series.interval)
        let coverage = try await gate.run { [hub] in
            try await hub.coverage(of: series, over: range, onlyMissing: onlyMissing)
        }
        guard let coverage else {
            throw MarketDataError(
                .notSupported, "this server keeps no bars (the mock market is not stored), so there is no coverage")
        }
        return coverage
    }

    private enum Choice: String, CaseIterable {
        case yes = "true"
        case no = "false"
    }
}

extension TimeRange {
    /// More bars than this are never looked through at once: some 76 years of minutes without a night.
    private static let mostBars: Int64 = 40_000_000

    fileprivate func checkLength(in interval: Interval) throws(MarketDataError) {
        guard let seconds = interval.seconds, (to.seconds - from.seconds) / seconds > TimeRange.mostBars else { return }
        throw MarketDataError(
            .tooLarge, "the range from \(from) to \(to) may hold too many bars of \(interval); ask for a shorter one")
    }
}
