import MarketData

/// What came of asking for the missing spans of a window, newest first. Pure.
struct Gathering: Sendable {
    /// The answers, newest first.
    private(set) var answers: [BarSeries] = []
    /// What is missing, and why, as it was said.
    private var named: [Gap] = []
    /// The first failure.
    private(set) var failure: MarketDataError?
    /// Why the source shows nothing older.
    private(set) var shortfall: BarSeries.Shortfall?

    /// Whether older spans are worth asking for.
    var mayGoOn: Bool { failure == nil && shortfall == nil }

    /// What is missing, and why, ascending; what is said twice for one reason is one gap.
    var gaps: [Gap] {
        var joined: [String: [TimeRange]] = [:]
        for gap in named.sorted(by: { $0.range.from < $1.range.from }) {
            var ranges = joined[gap.reason] ?? []
            if let last = ranges.last, gap.range.from < last.to {
                ranges[ranges.count - 1] = TimeRange(from: last.from, to: max(last.to, gap.range.to))
            } else {
                ranges.append(gap.range)
            }
            joined[gap.reason] = ranges
        }
        let gaps = joined.flatMap { reason, ranges in ranges.map { Gap(range: $0, reason: reason) } }
        return gaps.sorted { ($0.range.from, $0.reason) < ($1.range.from, $1.reason) }
    }

    /// A span was answered.
    mutating func add(_ series: BarSeries, to range: TimeRange, reach: PageAnswer.Reach) {
        answers.append(series)
        named += series.gaps
        let first = series.bars.first?.time ?? range.to
        switch reach {
        case .whole: break
        case .historyBegins: shortfall = .startOfHistory
        case .ends(let reason):
            shortfall = reason
            note(TimeRange(from: range.from, to: min(first, range.to)), reason.rawValue)
        }
    }

    /// A span could not be had.
    mutating func fail(_ range: TimeRange, _ error: MarketDataError, now: Timestamp) {
        failure = failure ?? error
        note(TimeRange(from: range.from, to: min(range.to, now)), error.code.rawValue)
    }

    /// Of these spans the source said not long ago that it has no bars.
    mutating func add(known holes: [Gap]) { named += holes }

    /// A span was not asked for, because a newer one told that it would be in vain.
    mutating func skip(_ range: TimeRange, now: Timestamp) {
        if let failure { return fail(range, failure, now: now) }
        // Before the beginning of history there is nothing to miss.
        guard let shortfall, shortfall != .startOfHistory else { return }
        note(range, shortfall.rawValue)
    }

    private mutating func note(_ range: TimeRange, _ reason: String) {
        if range.from < range.to { named.append(Gap(range: range, reason: reason)) }
    }
}
