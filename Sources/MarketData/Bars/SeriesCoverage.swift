/// What is said of completeness.
enum Completeness {
    /// The note for people where it cannot be judged, with the reason.
    static func unknownNote(_ reason: String) -> String { "it is not known whether bars are missing: \(reason)" }
}

/// The coverage of a series over a range: spans with data, known to be empty, and missing.
public struct SeriesCoverage: Hashable, Sendable {
    /// A part of the range with one state.
    public struct Span: Hashable, Sendable {
        /// The part.
        public let range: TimeRange
        /// `had`, `empty` or `missing`.
        public let state: State
        /// Why it is empty, in a word such as `closed` or `no_trades`; `nil` for the other states.
        public let reason: String?

        /// A span from its parts.
        public init(range: TimeRange, state: State, reason: String? = nil) {
            self.range = range
            self.state = state
            self.reason = reason
        }
    }

    /// The state of a span.
    public enum State: String, CaseIterable, Sendable {
        case had, empty, missing
    }

    /// Which series: symbol, interval, hours and adjustment; its span is the range that was looked at.
    public var request: BarRequest
    /// The moment; bars that were not over by then are not expected.
    public var asOf: Timestamp
    /// Whether a trading calendar says which bars must exist; otherwise only what sources sent counts.
    public var isJudgedByCalendar: Bool
    /// Why it cannot be judged whether bars are missing, such as hours of an unknown form; `nil` where it can be.
    public var unjudged: String?
    /// The note that says so to people; `nil` where completeness can be judged.
    public var unjudgedNote: String? { unjudged.map(Completeness.unknownNote) }
    /// Ascending.
    public var spans: [Span]
    /// The number of gaps, listed in `spans` or not.
    public var missingSpans: Int
    /// How many bars are missing; without a calendar, as if trading never stopped.
    public var missingBars: Int
    /// The number of stored bars of the series, in the range or not.
    public var bars: Int
    /// The opening of the oldest stored bar; `nil` if there is none.
    public var first: Timestamp?
    /// The opening of the newest stored bar; `nil` if there is none.
    public var last: Timestamp?
    /// The number of stored revisions: earlier values of final bars that changed.
    public var revisions: Int

    /// Coverage from its parts.
    public init(
        request: BarRequest, asOf: Timestamp, isJudgedByCalendar: Bool, unjudged: String? = nil, spans: [Span],
        missingSpans: Int, missingBars: Int, bars: Int, first: Timestamp?, last: Timestamp?, revisions: Int
    ) {
        self.request = request
        self.asOf = asOf
        self.isJudgedByCalendar = isJudgedByCalendar
        self.unjudged = unjudged
        self.spans = spans
        self.missingSpans = missingSpans
        self.missingBars = missingBars
        self.bars = bars
        self.first = first
        self.last = last
        self.revisions = revisions
    }

    /// Whether bars are stored and nothing of the range is missing.
    public var isComplete: Bool { bars > 0 && missingSpans == 0 }

    /// Whether bars are stored and nothing of the range is missing; `nil` if that cannot be decided.
    public var completeness: Bool? {
        guard isComplete else { return false }
        return unjudged == nil ? true : nil
    }
}
