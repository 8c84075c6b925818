public import MarketData

/// A stretch of a session without a snapshot of one source, longer than the source takes to refresh.
public struct RecordingHole: Hashable, Sendable {
    /// Why there is none.
    public enum Reason: String, CaseIterable, Sendable {
        /// No recorder ran.
        case notRunning = "not_running"
        /// The source did not want to be asked.
        case refused
        /// The source was down, too slow, or not to be read.
        case failed
        /// The source answered for another moment.
        case otherTime = "other_time"
        /// The source told the figures of before.
        case repeated
        /// The source did not answer, and another one did in its place; a series does not go on with that one's figures.
        case otherSource = "other_source"
    }

    /// From the last stamp before, or the opening, to the next stamp, the close or now.
    public var span: TimeRange
    /// Why.
    public var reason: Reason
    /// Whose snapshots are missing; `nil` where no source told anything of the session.
    public var source: Provenance.Source?
    /// What other sources told meanwhile.
    public var others: [RecordedStretch]

    /// A hole from its parts.
    public init(
        span: TimeRange, reason: Reason, source: Provenance.Source? = nil, others: [RecordedStretch] = []
    ) {
        self.span = span
        self.reason = reason
        self.source = source
        self.others = others
    }
}
