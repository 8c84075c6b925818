/// How a source is doing.
public struct SourceStatus: Hashable, Sendable {
    /// Whether data is available.
    public enum State: String, Sendable {
        case idle, connecting, connected, reconnecting, down
    }

    /// The source.
    public var source: Provenance.Source
    /// Whether data is available.
    public var state: State
    /// Since when.
    public var since: Timestamp
    /// Why, where the state is a bad one, or not the best there is.
    public var reason: String?
    /// The time of the newest data.
    public var lastData: Timestamp?
    /// The number of reconnections.
    public var reconnects: Int
    /// The condition of one subscription; `nil` if the status is of the source as a whole.
    public var subscription: SubscriptionCondition?

    /// A status from its parts.
    public init(
        source: Provenance.Source,
        state: State,
        since: Timestamp,
        reason: String? = nil,
        lastData: Timestamp? = nil,
        reconnects: Int = 0,
        subscription: SubscriptionCondition? = nil
    ) {
        self.source = source
        self.state = state
        self.since = since
        self.reason = reason
        self.lastData = lastData
        self.reconnects = reconnects
        self.subscription = subscription
    }
}
