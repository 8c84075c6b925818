import AsyncSupport
import MarketData
import MarketFormats
import MarketHistory
import MarketHub
import Synchronization
import WebSocketTransport

/// What viewers can follow. Each topic has one subscription at the hub, however many viewers it has.
enum TopicKey: Hashable, Sendable {
    case quotes(Symbol)
    case bars(BarRequest)
    case openInterest(OpenInterestRequest)

    /// The instrument, where the topic is one of quotes.
    var symbol: Symbol? { if case .quotes(let symbol) = self { symbol } else { nil } }
}

/// The topics that have viewers.
final class LiveTopics: Sendable {
    private struct State {
        var topics: [TopicKey: LiveTopic] = [:]
        var byID: [Int: LiveTopic] = [:]
        var lastID = 0
    }

    private let hub: MarketHub
    private let openInterestInterval: Duration
    private let state = Mutex(State())

    init(hub: MarketHub, openInterestInterval: Duration) {
        self.hub = hub
        self.openInterestInterval = openInterestInterval
    }

    /// Adds a viewer of a broadcaster to a topic; on the broadcaster's event loop, so that no update passes it by.
    /// - Returns: The topic, and its state when the viewer joined. A new topic may have ended since, and that update follows.
    /// - Throws: `MarketDataError` where the hub cannot serve such a topic.
    func join(
        _ key: TopicKey, _ broadcaster: Broadcaster
    ) throws(MarketDataError) -> (topic: LiveTopic, followed: FollowedTopic) {
        let (topic, followed, isNew) = state.withLock { state in
            if let topic = state.topics[key], let followed = topic.join(broadcaster) { return (topic, followed, false) }
            state.lastID += 1
            let topic = LiveTopic(id: state.lastID, key: key)
            _ = topic.join(broadcaster)
            state.topics[key] = topic
            state.byID[topic.id] = topic
            return (topic, FollowedTopic(id: topic.id, symbol: key.symbol, latest: nil, number: 0), true)
        }
        guard isNew else { return (topic, followed) }
        do throws(MarketDataError) {
            try topic.open(hub, openInterestInterval: openInterestInterval)
        } catch {
            // Viewers of other event loops may have joined meanwhile; they get the failure too.
            topic.ended(error)
            leave(topic.id, broadcaster)
            throw error
        }
        return (topic, followed)
    }

    /// A viewer leaves a topic. The last one closes it.
    func leave(_ id: Int, _ broadcaster: Broadcaster) {
        let closed = state.withLock { state -> LiveTopic? in
            guard let topic = state.byID[id], topic.leave(broadcaster) else { return nil }
            state.byID[id] = nil
            if state.topics[topic.key] === topic { state.topics[topic.key] = nil }
            return topic
        }
        closed?.close()
    }
}

/// One topic: encodes what the hub reports, once, and publishes it to each event loop that has viewers.
///
/// Locks are taken in the order hub, topic, broadcaster; the hub is never called with the topic's lock held.
final class LiveTopic: Sendable {
    private struct State {
        var number = 0
        var latest: QuoteVersion?
        /// Whether the source is not connected, so that the latest quote is not live.
        var isOut = false
        var bars = BarMessages()
        var snapshot: OpenInterestSnapshot?
        var audiences: [(broadcaster: Broadcaster, viewers: Int)] = []
        var isOver = false
        var cancel: (@Sendable () -> Void)?
    }

    let id: Int
    let key: TopicKey
    private let state = Mutex(State())
    /// The live bars once they are subscribed to; `nil` for other topics, and where the topic ended before.
    private let series = Promise<LiveBarSubscription?>()

    init(id: Int, key: TopicKey) {
        self.id = id
        self.key = key
    }

    /// The number of viewers.
    var viewers: Int { state.withLock { $0.audiences.reduce(0) { $0 + $1.viewers } } }

    /// Adds a viewer.
    /// - Returns: The newest quote if it is live, and the number of the newest update; `nil` if the topic is over.
    func join(_ broadcaster: Broadcaster) -> FollowedTopic? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            if let place = state.audiences.firstIndex(where: { $0.broadcaster === broadcaster }) {
                state.audiences[place].viewers += 1
            } else {
                state.audiences.append((broadcaster, 1))
            }
            return FollowedTopic(
                id: id, symbol: key.symbol, latest: state.isOut ? nil : state.latest, number: state.number)
        }
    }

    /// Takes a viewer away.
    /// - Returns: Whether it was the last.
    func leave(_ broadcaster: Broadcaster) -> Bool {
        state.withLock { state in
            if let place = state.audiences.firstIndex(where: { $0.broadcaster === broadcaster }) {
                state.audiences[place].viewers -= 1
                if state.audiences[place].viewers == 0 { state.audiences.remove(at: place) }
            }
            if state.audiences.isEmpty { state.isOver = true }
            return state.audiences.isEmpty
        }
    }

    /// Subscribes at the hub.
    func open(_ hub: MarketHub, openInterestInterval: Duration) throws(MarketDataError) {
        switch key {
        case .quotes(let symbol):
            let handler = LiveHandler<QuoteEvent>(
                readers: { [weak self] in self?.viewers ?? 0 }, receive: { [weak self] in self?.received($0) },
                end: { [weak self] in self?.ended($0) })
            let subscription = hub.followQuotes(of: symbol, handler)
            opened(nil) { subscription.cancel() }
        case .bars(let request):
            let sources: @Sendable () -> [SourceStatus] = { hub.sources.map(\.status) }
            let handler = LiveHandler<BarEvent>(
                readers: { [weak self] in self?.viewers ?? 0 }, receive: { [weak self] in self?.received($0, sources) },
                end: { [weak self] in self?.ended($0) })
            let subscription = try hub.followBars(request, handler)
            opened(subscription) { subscription.cancel() }
        case .openInterest(let request):
            // The task is unstructured: it is cancelled when the last viewer leaves.
            let task = Task { [weak self] in
                var isGoing = true
                while isGoing, !Task.isCancelled {
                    do {
                        let snapshot = try await hub.openInterest(request)
                        self?.received(snapshot, hub.sources.map(\.status))
                    } catch {
                        guard !Task.isCancelled else { return }
                        isGoing = self?.failed(MarketDataError(wrapping: error)) ?? false
                    }
                    guard isGoing, (try? await Task.sleep(for: openInterestInterval)) != nil else { return }
                }
            }
            opened(nil) { task.cancel() }
        }
    }

    /// Ends the subscription at the hub.
    func close() {
        let cancel = state.withLock { state in
            state.isOver = true
            return state.cancel.take()
        }
        series.complete(.success(nil))
        cancel?()
    }

    /// What a viewer that joins a series late gets first, and the number of the last update that it contains.
    func opening(sources: () -> [SourceStatus]) async throws -> StreamSubscription.Opening {
        switch key {
        case .quotes: return .series([], through: 0)
        case .bars:
            var events: [BarEvent] = []
            var number = 0
            // Another event loop may be about to open the topic.
            try await series.value()?.withOpening { opening in
                number = state.withLock { $0.number }
                if number > 0 { events = opening }
            }
            var messages = BarMessages()
            return .series(events.flatMap { messages.updates($0, sources: sources) }, through: number)
        case .openInterest:
            let (snapshot, number) = state.withLock { ($0.snapshot, $0.number) }
            guard let snapshot else { return .series([], through: 0) }
            return .series([LiveTopic.update(snapshot, sources())], through: number)
        }
    }

    private func opened(_ series: LiveBarSubscription?, _ cancel: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isOver { state.cancel = cancel }
            return state.isOver
        }
        self.series.complete(.success(isOver ? nil : series))
        if isOver { cancel() }
    }

    private func publish(_ content: TopicUpdate.Content, _ state: inout State) {
        state.number += 1
        let update = TopicUpdate(topic: id, number: state.number, content: content)
        for audience in state.audiences { audience.broadcaster.publish(update) }
    }

    private func received(_ event: QuoteEvent) {
        state.withLock { state in
            switch event {
            case .quote(let quote):
                let version = QuoteVersion(quote, frame: .quote(quote, since: state.latest?.quote))
                state.latest = version
                state.isOut = false
                publish(.quote(version), &state)
            case .status(let status):
                state.isOut = status.state != .connected
                publish(.status(status, message: StreamMessage.status(status)), &state)
            case .refused(let symbol, let error):
                publish(.refused(error, .error(error, symbol: symbol)), &state)
            }
        }
    }

    private func received(_ event: BarEvent, _ sources: () -> [SourceStatus]) {
        state.withLock { state in
            for update in state.bars.updates(event, sources: sources) { publish(update, &state) }
        }
    }

    /// A source that repeats itself, or falls back to what it served before, changes nothing.
    private func received(_ snapshot: OpenInterestSnapshot, _ statuses: [SourceStatus]) {
        state.withLock { state in
            if let known = state.snapshot, snapshot.provenance.asOf <= known.provenance.asOf { return }
            state.snapshot = snapshot
            publish(LiveTopic.update(snapshot, statuses), &state)
        }
    }

    /// - Returns: Whether it is tried again.
    private func failed(_ error: MarketDataError) -> Bool {
        let isRetried = state.withLock { state in
            guard state.snapshot != nil, error.isRetryable else { return false }
            publish(.message(.init(frame: .error(error))), &state)
            return true
        }
        if !isRetried { ended(error) }
        return isRetried
    }

    /// Publishes the end of the topic, with a failure where there is one.
    fileprivate func ended(_ error: (any Error)?) {
        state.withLock { state in
            state.isOver = true
            state.cancel = nil
            publish(.ended(error.map { MarketDataError(wrapping: $0) }), &state)
        }
        series.complete(.success(nil))
    }

    private static func update(
        _ snapshot: OpenInterestSnapshot, _ statuses: [SourceStatus]
    ) -> TopicUpdate.Content {
        let frame = Frame.snapshot(statuses, capacity: 1024 + snapshot.strikes.count * 320) {
            snapshot.writeFields(to: &$0)
        }
        return .message(.init(frame: frame, statuses: statuses))
    }
}
