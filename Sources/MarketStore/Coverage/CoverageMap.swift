public import MarketData

/// What is known of a span of a series. Of two states of the same span the greater one is kept, so the order of
/// additions, and how often each is repeated, does not matter.
public enum CoverageState: Hashable, Comparable, Sendable {
    /// Nothing is known: never requested, or lost. It is fetched when it is requested.
    case unknown
    /// There may have been bars; the store removed them, or never took them in, because retention does not keep them.
    case removed
    /// Known to hold no bars, and why.
    case empty(EmptyReason)
    /// Every bar there is, is stored.
    case hasData
}

extension CoverageState: CustomStringConvertible {
    /// The spelling in the database and in responses: `missing`, `retention`, the reason why it is empty, or `had`.
    public var description: String {
        switch self {
        case .unknown: "missing"
        case .removed: "retention"
        case .empty(let reason): reason.rawValue
        case .hasData: "had"
        }
    }
}

/// Why there is no bar where one might have been.
public enum EmptyReason: String, CaseIterable, Comparable, Sendable {
    /// The source returned no bar: nothing was traded.
    case noTrades = "no_trades"
    /// The series begins later.
    case beforeHistory = "before_history"
    /// The instrument has never traded.
    case neverTraded = "never_traded"

    /// Whether the other reason takes precedence.
    public static func < (left: EmptyReason, right: EmptyReason) -> Bool {
        left != right && (left == .noTrades || right == .neverTraded)
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
/// same, touch. What no span holds is unknown. Equal knowledge is always the same value, however it was obtained.
public struct CoverageMap: Hashable, Sendable {
    /// What is known, ascending; none is unknown or empty.
    public private(set) var spans: [CoverageSpan] = []

    /// An empty map: everything is unknown.
    public init() {}

    /// What some spans say together, in any order.
    public init(_ spans: some Sequence<CoverageSpan>) {
        for span in spans { add(span) }
    }

    /// Adds a state; where there is another, the greater one is kept.
    public mutating func add(_ span: CoverageSpan) {
        change(span.range) { max($0, span.state) }
    }

    /// Replaces the state of a span.
    public mutating func replace(_ span: CoverageSpan) {
        change(span.range) { _ in span.state }
    }

    /// Forgets a span.
    public mutating func remove(_ range: TimeRange) {
        change(range) { _ in .unknown }
    }

    /// What is known of an instant.
    public func state(at time: Timestamp) -> CoverageState {
        let index = spans.lowerBound { $0.range.to > time }
        guard index < spans.count, spans[index].range.contains(time) else { return .unknown }
        return spans[index].state
    }

    /// The spans of a range without a gap between them, the unknown ones among them.
    public func spans(in range: TimeRange) -> [CoverageSpan] {
        var found: [CoverageSpan] = []
        var from = range.from
        let first = spans.lowerBound { $0.range.to > range.from }
        for span in spans[first...].prefix(while: { $0.range.from < range.to }) {
            found.join(CoverageSpan(TimeRange(from: from, to: span.range.from), .unknown))
            from = min(range.to, span.range.to)
            found.join(CoverageSpan(TimeRange(from: max(range.from, span.range.from), to: from), span.state))
        }
        found.join(CoverageSpan(TimeRange(from: from, to: range.to), .unknown))
        return found
    }

    /// The unknown parts of a range, ascending.
    public func unknown(in range: TimeRange) -> [TimeRange] {
        spans(in: range).filter { $0.state == .unknown }.map(\.range)
    }

    /// Gives every part of a range a new state, and joins it with the spans that touch it.
    private mutating func change(_ range: TimeRange, _ newState: (CoverageState) -> CoverageState) {
        guard range.from < range.to else { return }
        let touching = spans.lowerBound { $0.range.to >= range.from }..<spans.lowerBound { $0.range.from > range.to }
        var changed: [CoverageSpan] = []
        if let first = spans[touching].first {
            changed.join(CoverageSpan(TimeRange(from: first.range.from, to: range.from), first.state))
        }
        for span in spans(in: range) { changed.join(CoverageSpan(span.range, newState(span.state))) }
        if let last = spans[touching].last {
            changed.join(CoverageSpan(TimeRange(from: range.to, to: last.range.to), last.state))
        }
        spans.replaceSubrange(touching, with: changed.filter { $0.state != .unknown })
    }
}

extension CoverageMap {
    /// The coverage of the complete response to a request for the bars that open within `complete`, at an instant: all has
    /// data, except bars that the calendar expects and that did not come, and except time that was not over by then.
    /// Without a calendar, all of the span has data.
    public init(
        complete: TimeRange, at asOf: Timestamp, openings: some Sequence<Timestamp>, boundaries: BarBoundaries?
    ) {
        self.init()
        guard let boundaries else {
            add(CoverageSpan(TimeRange(from: complete.from, to: min(complete.to, asOf)), .hasData))
            return
        }
        // From the first opening, or the closed time before it, to the close of the last bar that is over.
        var (from, to) = (complete.from, min(complete.to, asOf))
        if let cut = boundaries.bar(containing: from), cut.from < from { from = cut.to }
        if let last = boundaries.bar(containing: to.previous) { to = last.to <= asOf ? last.to : last.from }
        add(CoverageSpan(TimeRange(from: from, to: to), .hasData))
        let came = Set(openings)
        for bar in ExpectedBars(boundaries: boundaries, within: complete, now: asOf) where !came.contains(bar.from) {
            replace(CoverageSpan(bar, .empty(.noTrades)))
        }
    }
}

extension [CoverageSpan] {
    /// Appends the span after the last one, as one with it where they say the same; an empty span adds nothing.
    fileprivate mutating func join(_ span: CoverageSpan) {
        guard span.range.from < span.range.to else { return }
        guard let last, last.state == span.state, last.range.to == span.range.from else { return append(span) }
        self[count - 1] = CoverageSpan(TimeRange(from: last.range.from, to: span.range.to), span.state)
    }
}

extension RandomAccessCollection {
    /// The first index from which on a condition holds; it must hold for all later elements.
    func lowerBound(where holds: (Element) -> Bool) -> Index {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = index(low, offsetBy: distance(from: low, to: high) / 2)
            if holds(self[middle]) { high = middle } else { low = index(after: middle) }
        }
        return low
    }
}
