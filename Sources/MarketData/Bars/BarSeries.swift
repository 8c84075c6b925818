/// Bars of one instrument, oldest first, with their provenance and gaps.
public struct BarSeries: Hashable, Sendable {
    /// Why a series holds fewer bars than were requested.
    public enum Shortfall: String, Sendable {
        /// The plan at the source shows no more.
        case planLimit = "plan_limit"
        /// There is more than one request may fetch: the same request again continues where this one ended.
        case more
        /// There is nothing earlier.
        case startOfHistory = "start_of_history"
        /// A recording plays and holds no more.
        case recordingEnds = "recording_ends"
    }

    /// The request.
    public var request: BarRequest
    /// The instrument of the bars, as far as it is known.
    public var instrument: Instrument?
    /// Ascending by time, each time once.
    public var bars: [Bar]
    /// Why there are fewer bars than requested; `nil` when the series is complete.
    public var shortfall: Shortfall?
    /// Spans within the series that should hold bars and do not.
    public var gaps: [Gap]
    /// Where the bars came from.
    public var provenance: Provenance
    /// The finer interval that the bars were built from; `nil` if they are the source's own.
    public var builtFrom: Interval?
    /// Where a continuous future changed contracts, ascending; `nil` if it is not such a future or the source did not
    /// say.
    public var rolls: [ContractRoll]?
    /// Which source sent which bars, ascending, if the series came from the store; empty if `provenance` covers all of
    /// them.
    public var origins: [BarOrigin] = []
    /// Notes for people, in sentences; programs decide by the other fields.
    public var notes: [String] = []
    /// Why it cannot be judged whether bars are missing, such as hours that could not be read; `nil` if it can.
    public var unjudged: String?

    /// A series from its parts.
    public init(
        request: BarRequest,
        instrument: Instrument? = nil,
        bars: [Bar],
        shortfall: Shortfall? = nil,
        gaps: [Gap] = [],
        provenance: Provenance
    ) {
        self.request = request
        self.instrument = instrument
        self.bars = bars
        self.shortfall = shortfall
        self.gaps = gaps
        self.provenance = provenance
    }

    /// Whether everything requested is there, as far as that can be judged.
    public var isComplete: Bool { shortfall == nil && gaps.isEmpty }

    /// Whether the series is complete; `nil` if that cannot be decided.
    public var completeness: Bool? {
        guard isComplete else { return false }
        return reasonUnjudged == nil ? true : nil
    }

    /// Notes for people: `notes`, and those that follow from the numbers themselves.
    public var allNotes: [String] {
        let unknown = reasonUnjudged.map(Completeness.unknownNote)
        return notes + [completeness == nil ? unknown : nil, bars.faultNote].compactMap { $0 }
    }

    /// Also where the series comes from a store that knows the instrument's hours only as text.
    private var reasonUnjudged: String? {
        if let unjudged { return unjudged }
        guard request.hours == .regular, instrument?.session != nil,
            case .unknown(.unreadable(let reason)) = InstrumentCalendar(of: request.symbol, instrument: instrument)
        else { return nil }
        return reason
    }
}

/// A span within a series that should hold bars and does not.
public struct Gap: Hashable, Sendable {
    /// The span.
    public let range: TimeRange
    /// Why it is empty, in a word, such as `disconnected`.
    public let reason: String

    /// A gap and its reason.
    public init(range: TimeRange, reason: String) {
        self.range = range
        self.reason = reason
    }
}

/// The source of the bars of a span: a series from the store may combine several responses.
public struct BarOrigin: Hashable, Sendable {
    /// The opening of the first bar.
    public var first: Timestamp
    /// The opening of the last bar.
    public var last: Timestamp
    /// The provenance of these bars, as recorded when they were received.
    public var provenance: Provenance

    /// An origin of the bars from one opening time to another, both included.
    public init(first: Timestamp, last: Timestamp, provenance: Provenance) {
        self.first = first
        self.last = last
        self.provenance = provenance
    }
}

/// A moment at which a continuous future changed to the next contract.
public struct ContractRoll: Hashable, Sendable {
    /// When the new contract took over.
    public var time: Timestamp
    /// The contract that was left, such as `NSE:NIFTYV2026`; `nil` if the source does not say.
    public var from: Symbol?
    /// The contract that took over; `nil` if the source does not say.
    public var to: Symbol?

    /// A roll from one contract to another.
    public init(time: Timestamp, from: Symbol? = nil, to: Symbol? = nil) {
        self.time = time
        self.from = from
        self.to = to
    }
}

/// What a live feed of bars says.
public enum BarEvent: Hashable, Sendable {
    /// The bars so far; first of all, and again whenever the series was reloaded.
    case snapshot(BarSeries)
    /// A bar, forming or final; one with the same time replaces the former.
    case bar(Bar)
    /// Bars of this span may have been missed.
    case gap(TimeRange)
    /// The bars of an earlier gap.
    case repaired(TimeRange, [Bar])
    /// The source became available or unavailable.
    case status(SourceStatus)
}
