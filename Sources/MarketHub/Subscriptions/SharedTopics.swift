public import MarketData

/// Which topics must be open upstream, for which readers, and in which generation.
///
/// A pure registry. The first reader of a topic opens it, the last one leaving closes it; a topic opened again is a new
/// generation, so that late events of an old upstream feed can be ignored.
struct SharedTopics<Topic: Hashable, Value> {
    typealias Reader = Int
    typealias Generation = Int

    /// One topic that is open upstream.
    struct Entry {
        let generation: Generation
        var readers: Set<Reader> = []
        var value: Value
    }

    private(set) var entries: [Topic: Entry] = [:]
    private var topics: [Reader: Set<Topic>] = [:]
    private var lastReader = 0
    private var lastGeneration = 0

    /// A name for a new reader.
    mutating func newReader() -> Reader {
        lastReader += 1
        return lastReader
    }

    /// A reader wants a topic.
    /// - Parameter open: Opens the topic if it is not open, and returns its first value.
    mutating func join(_ reader: Reader, _ topic: Topic, open: (Generation) -> Value) {
        topics[reader, default: []].insert(topic)
        guard entries[topic] == nil else {
            entries[topic]?.readers.insert(reader)
            return
        }
        lastGeneration += 1
        entries[topic] = Entry(generation: lastGeneration, readers: [reader], value: open(lastGeneration))
    }

    /// A reader has gone.
    /// - Returns: The values of the topics without readers.
    mutating func leave(_ reader: Reader) -> [Value] {
        guard let left = topics.removeValue(forKey: reader) else { return [] }
        return left.compactMap { topic in
            entries[topic]?.readers.remove(reader)
            guard let entry = entries[topic], entry.readers.isEmpty else { return nil }
            entries[topic] = nil
            return entry.value
        }
    }

    /// Upstream has closed a topic.
    /// - Returns: Its readers, and those that read nothing now; none if the generation is an old one.
    mutating func close(_ topic: Topic, _ generation: Generation) -> (readers: Set<Reader>, idle: Set<Reader>) {
        guard let entry = entries[topic], entry.generation == generation else { return ([], []) }
        entries[topic] = nil
        var idle: Set<Reader> = []
        for reader in entry.readers {
            topics[reader]?.remove(topic)
            if topics[reader]?.isEmpty == true { idle.insert(reader) }
        }
        return (entry.readers, idle)
    }

    /// Upstream sent an event for a topic.
    /// - Returns: The readers; none if the generation is an old one.
    mutating func update(
        _ topic: Topic, _ generation: Generation, _ change: (inout Value) -> Void
    ) -> Set<Reader> {
        guard let index = entries.index(forKey: topic), entries.values[index].generation == generation else {
            return []
        }
        change(&entries.values[index].value)
        return entries.values[index].readers
    }
}

/// The outage of a live topic's source, and so whether its cached value may be reported as live.
struct Outage {
    private(set) var status: SourceStatus?

    /// The source reported its state.
    mutating func reported(_ status: SourceStatus) {
        self.status = status.state == .connected ? nil : status
    }

    /// The source spoke of the market, so it is there.
    mutating func ended() { status = nil }

    /// The status that prevents reporting the cached value as live. A first connection in progress, with nothing cached
    /// and no failure, does not.
    func status(hasData: Bool) -> SourceStatus? {
        guard let status, hasData || status.reason != nil || status.state == .down else { return nil }
        return status
    }
}

extension MarketDataError {
    /// Why a source that is not connected has no live data.
    static func disconnected(_ status: SourceStatus) -> MarketDataError {
        MarketDataError(
            .upstreamUnavailable,
            "\(status.source.rawValue) is \(status.state.rawValue) since \(status.since): "
                + (status.reason ?? "no reason given"),
            source: status.source)
    }
}

extension SourceStatus {
    /// The status of one subscription that is not live. Its source may be available; `subscription` names it.
    init(subscription condition: SubscriptionCondition, source: Provenance.Source?, lastData: Timestamp?) {
        self.init(
            source: source ?? .tradingview, state: .reconnecting, since: condition.since, reason: condition.reason,
            lastData: lastData, subscription: condition)
    }
}

/// One live subscription that is open upstream, however many readers share it.
public struct SubscriptionReport: Hashable, Sendable {
    /// `quotes` or `bars`.
    public let channel: String
    /// The instrument.
    public let symbol: Symbol
    /// The length of a bar; `nil` for quotes.
    public let interval: Interval?
    /// How many read it.
    public let readers: Int
    /// The time of the newest data; `nil` before the first.
    public let lastData: Timestamp?
    /// How it is doing.
    public let condition: SubscriptionCondition
}
