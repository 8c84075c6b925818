/// Which series or study a message is about, and which of the client's requests it answers.
public struct SeriesReference: Hashable, Sendable {
    /// The chart session.
    public let session: SessionID
    /// The name that the client gave the series or study.
    public let id: String
    /// The client's mark for the request, such as `s1`; a message whose turnaround is not the current one is stale.
    public let turnaround: String

    /// A reference from its parts.
    public init(session: SessionID, id: String, turnaround: String) {
        self.session = session
        self.id = id
        self.turnaround = turnaround
    }
}
