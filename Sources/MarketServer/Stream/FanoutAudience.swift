import MarketData

/// A topic as one event loop knows it.
final class FanoutTopic {
    let id: Int
    /// The instrument, where the topic is one of quotes.
    let symbol: Symbol?
    var latest: QuoteVersion?
    /// Whether the source is not connected, so that the latest quote is not live.
    var isOut = false
    /// The number of the newest update.
    var number: Int
    var audiences: ContiguousArray<FanoutAudience> = []

    init(_ followed: FollowedTopic) {
        id = followed.id
        symbol = followed.symbol
        latest = followed.latest
        number = followed.number
    }

    /// The subscriptions of all audiences.
    var subscriptions: [StreamSubscription] { audiences.flatMap(\.subscriptions) }
}

/// The subscriptions of one event loop that get the same messages but for their numbers.
final class FanoutAudience {
    /// What they have in common.
    struct Key: Hashable {
        let topics: [Int]
        let isTicks: Bool
        let id: String
        let framing: ViewerBuffer.Framing

        init(_ subscription: StreamSubscription, topics: [Int]) {
            self.topics = topics
            isTicks = subscription.isTicks
            id = subscription.label.id
            framing = subscription.viewer.buffer.framing
        }
    }

    /// A change of a quote.
    struct Change {
        let topic: FanoutTopic
        let former: QuoteVersion?
        let version: QuoteVersion
        let frame: Frame
    }

    let key: Key
    let topics: [FanoutTopic]
    var subscriptions: ContiguousArray<StreamSubscription> = []
    /// Changes of quotes that are not yet delivered, in order.
    private(set) var changes: [Change] = []

    init(_ key: Key, _ topics: [FanoutTopic]) {
        self.key = key
        self.topics = topics
    }

    /// Adds a change that is to be delivered with those before it.
    /// - Returns: How many there are now.
    func add(_ change: Change) -> Int {
        changes.append(change)
        return changes.count
    }

    /// Takes the changes out.
    func takeChanges() -> [Change] {
        defer { changes = [] }
        return changes
    }
}

/// The topics and audiences of one event loop.
final class FanoutTopics {
    private var topics: [Int: FanoutTopic] = [:]
    private var audiences: [FanoutAudience.Key: FanoutAudience] = [:]
    private var released: [Int] = []

    subscript(id: Int) -> FanoutTopic? { topics[id] }

    /// Adds a subscription to the audience of what it follows.
    func join(_ subscription: StreamSubscription, _ followed: [FollowedTopic]) {
        let key = FanoutAudience.Key(subscription, topics: followed.map(\.id))
        let audience = audiences[key] ?? assemble(key, followed)
        audience.subscriptions.append(subscription)
        subscription.audience = audience
    }

    /// Takes a subscription away, and the topics that nothing follows any more.
    func leave(_ subscription: StreamSubscription) {
        guard let audience = subscription.audience.take() else { return }
        audience.subscriptions.removeAll { $0 === subscription }
        released += audience.key.topics
        guard audience.subscriptions.isEmpty else { return }
        audiences[audience.key] = nil
        for topic in audience.topics {
            topic.audiences.removeAll { $0 === audience }
            if topic.audiences.isEmpty { topics[topic.id] = nil }
        }
    }

    /// The topics that subscriptions left since the last call, once for each subscription.
    func takeReleased() -> [Int] {
        defer { released = [] }
        return released
    }

    private func assemble(_ key: FanoutAudience.Key, _ followed: [FollowedTopic]) -> FanoutAudience {
        let topics = followed.map { self.topics[$0.id] ?? FanoutTopic($0) }
        let audience = FanoutAudience(key, topics)
        audiences[key] = audience
        for topic in topics {
            self.topics[topic.id] = topic
            topic.audiences.append(audience)
        }
        return audience
    }
}
