import MarketData
import MarketStore

/// What came of asking for the missing spans of a window, newest first. Pure.
struct Gathering: Sendable {
    /// The answers, newest first.
    private(set) var answers: [BarSeries] = []
    /// What is missing, and why.
    private(set) var gaps: [Gap] = []
    /// The first failure.
    private(set) var failure: MarketDataError?
    /// Why the source shows nothing older.
    private(set) var shortfall: BarSeries.Shortfall?

    /// Stored bars that open before have prices of before the whole series changed.
    private(set) var outdatedBefore: Timestamp?

    /// Whether older spans are worth asking for.
    var mayGoOn: Bool { failure == nil && shortfall == nil }

    /// A span was answered.
    mutating func add(_ series: BarSeries, to range: TimeRange, reach: PageAnswer.Reach) {
        answers.append(series)
        gaps += series.gaps
        switch reach {
        case .whole: break
        case .historyBegins: shortfall = .startOfHistory
        case .ends(let reason):
            shortfall = reason
            let first = series.bars.first?.time ?? range.to
            note(TimeRange(from: range.from, to: min(first, range.to)), reason.rawValue)
        }
    }

    /// A span could not be had.
    mutating func fail(_ range: TimeRange, _ error: MarketDataError, now: Timestamp) {
        failure = failure ?? error
        note(TimeRange(from: range.from, to: min(range.to, now)), error.code.rawValue)
    }

    /// What is stored before an instant is outdated, and could not be marked so.
    mutating func outdate(_ window: TimeRange, before: Timestamp) {
        outdatedBefore = before
        let covered = answers.compactMap(\.bars.first?.time).min() ?? before
        note(TimeRange(from: window.from, to: min(before, covered)), CoverageState.outdated.description)
    }

    /// Of these spans the source said not long ago that it has no bars.
    mutating func add(known holes: [Gap]) { gaps += holes }

    /// A span was not asked for, because a newer one told that it would be in vain.
    mutating func skip(_ range: TimeRange, now: Timestamp) {
        if let failure { return fail(range, failure, now: now) }
        // Before the beginning of history there is nothing to miss.
        guard let shortfall, shortfall != .startOfHistory else { return }
        note(range, shortfall.rawValue)
    }

    private mutating func note(_ range: TimeRange, _ reason: String) {
        if range.from < range.to { gaps.append(Gap(range: range, reason: reason)) }
    }
}
