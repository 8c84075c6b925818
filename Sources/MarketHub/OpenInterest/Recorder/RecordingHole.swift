public import MarketData

/// A stretch of a session without a snapshot, longer than the source takes to refresh.
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
    }

    /// From the last stamp before, or the opening, to the next stamp, the close or now.
    public var span: TimeRange
    /// Why.
    public var reason: Reason

    /// A hole from its parts.
    public init(span: TimeRange, reason: Reason) {
        self.span = span
        self.reason = reason
    }
}
