public import MarketData

/// What is known of a span of a series.
public enum CoverageState: Hashable, Sendable {
    /// Nothing is known: never requested, or lost. It is fetched when it is requested.
    case missing
    /// There may have been bars; the store removed them, or never took them in, because retention does not keep them.
    case removed
    /// Known to hold no bars, and why.
    case empty(EmptyReason)
    /// Every bar there is, is stored.
    case had

    private var rank: Int {
        switch self {
        case .missing: -2
        case .removed: -1
        case .empty(let reason): reason.rank
        case .had: EmptyReason.allCases.count
        }
    }

    /// What two statements about the same span say together: the stronger one stands. The order of statements, and
    /// how often each is made, does not matter.
    public func joined(with other: CoverageState) -> CoverageState { rank < other.rank ? other : self }
}

extension CoverageState: CustomStringConvertible {
    /// `missing`, `retention` where it was removed, `had`, or the reason why it is empty.
    public var description: String {
        switch self {
        case .missing: "missing"
        case .removed: "retention"
        case .had: "had"
        case .empty(let reason): reason.rawValue
        }
    }
}

/// Why there is no bar where one might have been.
public enum EmptyReason: String, CaseIterable, Sendable {
    /// The source returned no bar: nothing was traded.
    case noTrades = "no_trades"
    /// The market was closed: a night, a weekend, a holiday.
    case closed
    /// The series begins later.
    case beforeHistory = "before_history"
    /// The instrument has never traded.
    case neverTraded = "never_traded"

    /// Which of two reasons takes precedence.
    var rank: Int {
        switch self {
        case .noTrades: 0
        case .closed: 1
        case .beforeHistory: 2
        case .neverTraded: 3
        }
    }
}

/// A span of time and its state.
public struct CoverageSpan: Hashable, Sendable {
    /// The span.
    public let range: TimeRange
    /// What is known of it.
    public let state: CoverageState

    /// A span and its state.
    public init(_ range: TimeRange, _ state: CoverageState) {
        self.range = range
        self.state = state
    }
}

/// What is known of a series over time: spans in ascending order that neither overlap nor, where their states are the
/// same, touch. What no span holds is missing. Equal knowledge is always the same value, however it was come by.
public struct CoverageMap: Hashable, Sendable {
    /// What is known, ascending; never missing, never empty.
    public private(set) var spans: [CoverageSpan] = []

    /// An empty map: everything is unknown.
    public init() {}

    /// What some spans say together, in any order.
    public init(_ spans: some Sequence<CoverageSpan>) {
        for span in spans { add(span) }
    }

    /// Adds a statement; where there was another, the stronger one stands.
    public mutating func add(_ span: CoverageSpan) {
        paint(span.range) { $0.joined(with: span.state) }
    }

    /// Adds all that another map knows.
    public mutating func add(_ other: CoverageMap) {
        for span in other.spans { add(span) }
    }

    /// Replaces the state of a span.
    public mutating func replace(_ span: CoverageSpan) {
        paint(span.range) { _ in span.state }
    }

    /// Forgets a span.
    public mutating func remove(_ range: TimeRange) {
        paint(range) { _ in .missing }
    }

    /// What is known of an instant.
    public func state(at time: Timestamp) -> CoverageState {
        let index = firstIndex { $0.range.to > time }
        guard index < spans.count, spans[index].range.contains(time) else { return .missing }
        return spans[index].state
    }

    /// The spans of a range without a gap between them, the missing ones among them.
    public func spans(in range: TimeRange) -> [CoverageSpan] {
        guard range.from < range.to else { return [] }
        var found: [CoverageSpan] = []
        var cursor = range.from
        for span in overlapping(range) {
            if cursor < span.range.from {
                found.append(CoverageSpan(TimeRange(from: cursor, to: span.range.from), .missing))
            }
            let part = TimeRange(from: max(cursor, span.range.from), to: min(range.to, span.range.to))
            found.append(CoverageSpan(part, span.state))
            cursor = part.to
        }
        if cursor < range.to { found.append(CoverageSpan(TimeRange(from: cursor, to: range.to), .missing)) }
        return found
    }

    /// The unknown parts of a range, ascending.
    public func missing(in range: TimeRange) -> [TimeRange] {
        spans(in: range).filter { $0.state == .missing }.map(\.range)
    }

    /// Whether all of a range is known.
    public func isComplete(in range: TimeRange) -> Bool { missing(in: range).isEmpty }

    private func overlapping(_ range: TimeRange) -> ArraySlice<CoverageSpan> {
        let start = firstIndex { $0.range.to > range.from }
        return spans[start...].prefix { $0.range.from < range.to }
    }

    /// Gives every part of a range a new state, then joins neighbours that say the same.
    private mutating func paint(_ range: TimeRange, _ change: (CoverageState) -> CoverageState) {
        guard range.from < range.to else { return }
        // The neighbours that touch are taken along, to be joined.
        let start = firstIndex { $0.range.to >= range.from }
        let end = firstIndex { $0.range.from > range.to }
        var painted: [CoverageSpan] = []
        func append(_ from: Timestamp, _ to: Timestamp, _ state: CoverageState) {
            guard from < to, state != .missing else { return }
            if let last = painted.last, last.state == state, last.range.to == from {
                painted[painted.count - 1] = CoverageSpan(TimeRange(from: last.range.from, to: to), state)
            } else {
                painted.append(CoverageSpan(TimeRange(from: from, to: to), state))
            }
        }
        var cursor = range.from
        for span in spans[start..<end] {
            append(span.range.from, min(span.range.to, range.from), span.state)
            let inner = TimeRange(from: max(span.range.from, range.from), to: min(span.range.to, range.to))
            if inner.from < inner.to {
                append(cursor, inner.from, change(.missing))
                append(inner.from, inner.to, change(span.state))
                cursor = inner.to
            }
            if span.range.to > range.to {
                append(cursor, range.to, change(.missing))
                cursor = range.to
                append(max(span.range.from, range.to), span.range.to, span.state)
            }
        }
        append(cursor, range.to, change(.missing))
        spans.replaceSubrange(start..<end, with: painted)
    }

    /// The first index from which on a condition holds; it must hold for all later spans.
    private func firstIndex(where holds: (CoverageSpan) -> Bool) -> Int {
        var low = 0
        var high = spans.count
        while low < high {
            let middle = (low + high) / 2
            if holds(spans[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension CoverageMap {
    /// What the complete response to a request for the bars that open within `answered` proves, at an instant: all has
    /// data, except bars that the calendar expects and that are missing, and except time that was not over by then.
    /// Without a calendar, all of the span has data.
    public init(
        answered: TimeRange,
        at asOf: Timestamp,
        openings: some Sequence<Timestamp>,
        boundaries: BarBoundaries?,
        absent: EmptyReason = .noTrades
    ) {
        self.init()
        guard let boundaries else {
            add(CoverageSpan(TimeRange(from: answered.from, to: min(answered.to, asOf)), .had))
            return
        }
        add(CoverageSpan(CoverageMap.wholeBars(in: answered, at: asOf, boundaries), .had))
        let came = Set(openings)
        for bar in ExpectedBars(boundaries: boundaries, within: answered, now: asOf) where !came.contains(bar.from) {
            replace(CoverageSpan(bar, .empty(absent)))
        }
    }

    /// From the first opening in a range, or the closed time before it, to the close of the last bar that opens in it.
    private static func wholeBars(
        in range: TimeRange, at asOf: Timestamp, _ boundaries: BarBoundaries
    ) -> TimeRange {
        var (from, to) = (range.from, min(range.to, asOf))
        if let cut = boundaries.bar(containing: from), cut.from < from { from = cut.to }
        let last = boundaries.bar(containing: Timestamp(milliseconds: to.milliseconds - 1))
        if let last { to = last.to <= asOf ? last.to : last.from }
        return TimeRange(from: from, to: to)
    }
}
