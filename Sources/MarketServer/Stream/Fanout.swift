import JSON
import MarketData
import MarketFormats
import MarketHub
import Metrics
import NIOCore

/// A topic that a subscription joined, and its state at that moment.
struct FollowedTopic {
    let id: Int
    let symbol: Symbol?
    let latest: QuoteVersion?
    let number: Int
}

/// The viewers of one event loop and what they follow. It has no lock and no network; its clock is given to it.
final class Fanout {
    /// The most changes of quotes that are delivered together.
    private static let longestRun = 256

    private let topics = FanoutTopics()
    /// The audiences with changes that are not delivered.
    private var waiting: [FanoutAudience] = []
    private(set) var viewers: [ObjectIdentifier: Viewer] = [:]
    private let writer = ViewerWriter()
    private var messages = 0
    private let counters: StreamCounters
    private let sources: () -> [SourceStatus]
    private let now: () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - counters: Where messages are counted.
    ///   - sources: The present status of every source.
    ///   - now: A clock that never goes back.
    init(
        counters: StreamCounters, sources: @escaping () -> [SourceStatus],
        now: @escaping () -> ContinuousClock.Instant = { .now }
    ) {
        self.counters = counters
        self.sources = sources
        self.now = now
    }

    // MARK: Viewers and subscriptions

    func add(_ viewer: Viewer) { viewers[ObjectIdentifier(viewer)] = viewer }

    /// The client has gone.
    func remove(_ viewer: Viewer) {
        guard viewers.removeValue(forKey: ObjectIdentifier(viewer)) != nil else { return }
        viewer.isClosed = true
        for subscription in viewer.subscriptions.values { stop(subscription) }
        viewer.subscriptions = [:]
        for promise in viewer.waiting { promise.succeed() }
        viewer.waiting = []
    }

    /// Adds a subscription that follows some topics; it sends nothing before it is started.
    func attach(_ subscription: StreamSubscription, to followed: [FollowedTopic]) {
        subscription.viewer.subscriptions[subscription.label.id] = subscription
        topics.join(subscription, followed)
        subscription.openTopics = followed.count
    }

    /// Begins to send, with what the subscription opens with.
    func start(_ subscription: StreamSubscription, _ opening: StreamSubscription.Opening) {
        guard case .preparing = subscription.phase else { return }
        subscription.phase = .prepared(opening)
        catchUp(subscription, at: now())
    }

    /// Begins to send ticks.
    func startTicks(_ subscription: StreamSubscription) {
        subscription.phase = .live
        for topic in subscription.audience?.topics ?? [] where !topic.isOut {
            subscription.ticks[topic.id] = topic.latest
        }
    }

    /// The topics that subscriptions left since the last call, once for each subscription.
    func takeReleased() -> [Int] { topics.takeReleased() }

    /// Ends a subscription without a message.
    func stop(_ subscription: StreamSubscription) {
        subscription.task?.cancel()
        subscription.task = nil
        subscription.phase = .over
        topics.leave(subscription)
        (subscription.merge, subscription.queue, subscription.bases) = (QuoteMerge(), FrameQueue(), [:])
    }

    /// Ends a subscription with its last messages.
    func finish(_ subscription: StreamSubscription, _ error: MarketDataError?) {
        guard !subscription.isOver else { return }
        stop(subscription)
        let viewer = subscription.viewer
        viewer.isEnding = true
        if let error {
            if subscription.isTicks { return send(message: StreamMessage.error(error), to: viewer) }
            if !error.isRetryable, !viewer.hasMessages, viewer.output.refuse(error) { return }
            send(.error(error), subscription)
        }
        // What may be requested again later is not over for good.
        if error.map({ !$0.isRetryable }) ?? !subscription.isTicks { send(Frame("ended"), subscription) }
    }

    /// Sends a message of a subscription, also to a client that is behind.
    func send(_ frame: Frame, _ subscription: StreamSubscription) {
        let viewer = subscription.viewer
        viewer.buffer.append(frame, &subscription.label)
        touch(viewer)
    }

    /// Sends a message that belongs to no subscription, also to a client that is behind.
    func send(message: [UInt8], to viewer: Viewer) {
        viewer.buffer.append(message: message)
        touch(viewer)
    }

    // MARK: Updates

    /// Applies updates in order. What they send is written by ``flush()``.
    func apply(_ updates: [TopicUpdate]) {
        for update in updates { apply(update) }
        deliverChanges()
    }

    private func apply(_ update: TopicUpdate) {
        // An update may be older than a topic that was left and joined again.
        guard let topic = topics[update.topic], update.number > topic.number else { return }
        topic.number = update.number
        // Changes of quotes are delivered together, but before whatever follows them.
        if case .quote(let version) = update.content { return collect(version, of: topic) }
        deliverChanges()
        switch update.content {
        case .quote: break
        case .merged(let version, let changes): merge(version, changes: changes, into: topic)
        case .message(let message):
            for subscription in topic.subscriptions { deliver(message, number: update.number, to: subscription) }
        case .status(let status, let message):
            topic.isOut = status.state != .connected
            for subscription in topic.subscriptions where subscription.isLive && !subscription.isTicks {
                if subscription.viewer.statuses.isChange(status) { send(message: message, to: subscription.viewer) }
            }
        case .refused(let error, let frame):
            guard let symbol = topic.symbol else { return }
            for subscription in topic.subscriptions where subscription.isLive {
                if case .ticks(let names) = subscription.kind {
                    let name = names[topic.id] ?? symbol.description
                    send(message: LegacyAPISession.refused(name, error), to: subscription.viewer)
                } else if subscription.refused.insert(symbol).inserted {
                    send(frame, subscription)
                }
            }
        case .ended(let error):
            for subscription in topic.subscriptions {
                subscription.openTopics -= 1
                if error != nil || subscription.openTopics == 0 {
                    end(subscription, error.map { .failure($0) } ?? .success(()))
                }
            }
        }
    }

    private func collect(_ version: QuoteVersion, of topic: FanoutTopic) {
        let former = topic.latest
        topic.latest = version
        topic.isOut = false
        for audience in topic.audiences {
            if audience.key.isTicks {
                for subscription in audience.subscriptions { subscription.ticks[topic.id] = version }
            } else if let frame = version.frame {
                if audience.changes.isEmpty { waiting.append(audience) }
                let count = audience.add(.init(topic: topic, former: former, version: version, frame: frame))
                if count >= Fanout.longestRun { deliverChanges() }
            }
        }
    }

    private func deliverChanges() {
        guard !waiting.isEmpty else { return }
        for audience in waiting { deliver(audience.takeChanges(), to: audience) }
        waiting.removeAll(keepingCapacity: true)
    }

    private func deliver(_ changes: [FanoutAudience.Change], to audience: FanoutAudience) {
        // Framing once does not pay for a single viewer.
        let isShared = audience.subscriptions.count > 1
        var run = FrameRun(isShared ? changes.map(\.frame) : [], audience.key.framing)
        for subscription in audience.subscriptions where subscription.isLive {
            if isShared, subscription.takesAll(changes) {
                subscription.viewer.buffer.append(&run, &subscription.label)
                messages += changes.count
                touch(subscription.viewer)
            } else {
                for change in changes { deliver(change, to: subscription) }
            }
        }
    }

    private func deliver(_ change: FanoutAudience.Change, to subscription: StreamSubscription) {
        let (topic, viewer) = (change.topic, subscription.viewer)
        if !subscription.refused.isEmpty, let symbol = topic.symbol { subscription.refused.remove(symbol) }
        if viewer.isBehind {
            if subscription.merge.add(topic.id, base: change.former) { drop(subscription, 1) }
        } else if !subscription.bases.isEmpty, let base = subscription.bases.removeValue(forKey: topic.id) {
            bring(subscription, to: change.version.quote, from: base?.quote)
        } else {
            viewer.buffer.append(change.frame, &subscription.label)
            messages += 1
            touch(viewer)
        }
    }

    private func merge(_ version: QuoteVersion, changes: Int, into topic: FanoutTopic) {
        let former = topic.latest
        topic.latest = version
        topic.isOut = false
        for subscription in topic.subscriptions {
            guard !subscription.isTicks else {
                subscription.ticks[topic.id] = version
                continue
            }
            guard subscription.isLive else { continue }
            let base = subscription.bases.removeValue(forKey: topic.id) ?? former
            let isMerged = subscription.merge.add(topic.id, base: base)
            drop(subscription, isMerged ? changes : changes - 1)
            catchUp(subscription, at: now())
        }
    }

    private func deliver(_ message: TopicUpdate.Message, number: Int, to subscription: StreamSubscription) {
        guard !subscription.isOver, subscription.end == nil else { return }
        if subscription.isLive, !subscription.viewer.isBehind, subscription.queue.isEmpty {
            deliver(message, to: subscription)
        } else if !subscription.queue.append(message, number: number) {
            let error = MarketDataError(
                .overloaded, "the client is too far behind a live series; subscribe again", recovery: .resubscribe)
            end(subscription, .failure(error))
        }
    }

    private func deliver(_ message: TopicUpdate.Message, to subscription: StreamSubscription) {
        switch message.kind {
        case .gap: counters.gaps.increment(by: 1)
        case .repaired(let count): counters.repairedBars.increment(by: count)
        case .bar, .other: break
        }
        messages += 1
        subscription.viewer.statuses.note(message.statuses)
        send(message.frame, subscription)
    }

    private func end(_ subscription: StreamSubscription, _ end: Result<Void, MarketDataError>) {
        guard subscription.end == nil else { return }
        subscription.end = end
        catchUp(subscription, at: now())
    }

    private func drop(_ subscription: StreamSubscription, _ count: Int) {
        guard count > 0 else { return }
        subscription.lag.add(count)
        counters.merged.increment(by: count)
    }

    /// Sends what changed between what the client has and a quote.
    private func bring(_ subscription: StreamSubscription, to quote: Quote, from base: Quote?) {
        guard let frame = Frame.quote(quote, since: base) else { return }
        messages += 1
        send(frame, subscription)
    }

    // MARK: Catching up

    /// Sends what waits for a subscription, for as long as the client takes it.
    private func catchUp(_ subscription: StreamSubscription, at now: ContinuousClock.Instant) {
        let viewer = subscription.viewer
        guard !viewer.isBehind, !subscription.isOver else { return }
        if case .prepared(let opening) = subscription.phase {
            subscription.phase = .live
            begin(subscription, opening)
        }
        guard subscription.isLive else { return }
        if !viewer.isBehind { reportLag(subscription, at: now) }
        while !viewer.isBehind, let (id, base) = subscription.merge.popFirst() {
            if let latest = topics[id]?.latest { bring(subscription, to: latest.quote, from: base?.quote) }
        }
        while !viewer.isBehind, let message = subscription.queue.popFirst() { deliver(message, to: subscription) }
        if !viewer.isBehind, let end = subscription.end {
            switch end {
            case .success: finish(subscription, nil)
            case .failure(let error): finish(subscription, error)
            }
        }
    }

    private func reportLag(_ subscription: StreamSubscription, at now: ContinuousClock.Instant) {
        guard let dropped = subscription.lag.report(at: now) else { return }
        send(Frame("lagged") { $0.field("dropped", dropped) }, subscription)
    }

    private func begin(_ subscription: StreamSubscription, _ opening: StreamSubscription.Opening) {
        switch opening {
        case .quotes(let list, let result): begin(subscription, list, result)
        case .series(let contents, let number):
            subscription.queue.drop(through: number)
            for content in contents {
                switch content {
                case .message(let message): deliver(message, to: subscription)
                case .status(let status, let message):
                    if subscription.viewer.statuses.isChange(status) { send(message: message, to: subscription.viewer) }
                case .quote, .merged, .refused, .ended: break
                }
            }
        }
    }

    /// Sends the snapshot with the quotes of this event loop, so that the next change follows it.
    private func begin(_ subscription: StreamSubscription, _ list: SymbolList, _ result: QuoteResult) {
        let viewer = subscription.viewer
        if let failure = result.permanentFailure, !viewer.hasMessages, viewer.output.refuse(failure) {
            stop(subscription)
            viewer.isEnding = true
            return
        }
        for status in result.outages where viewer.statuses.isChange(status) {
            send(message: StreamMessage.status(status), to: viewer)
        }
        subscription.refused = Set(result.failures.filter { $0.error.code != .upstreamTimeout }.map(\.symbol))
        var known: [Symbol: Quote] = [:]
        for quote in result.quotes { known[quote.symbol] = quote }
        for topic in subscription.audience?.topics ?? [] {
            guard let symbol = topic.symbol else { continue }
            let shown = known[symbol]
            if let latest = topic.latest, !subscription.refused.contains(symbol) {
                if let shown, latest.quote.last != nil || shown.last == nil {
                    known[symbol] = latest.quote
                } else {
                    _ = subscription.merge.add(topic.id, base: shown.map { QuoteVersion($0, frame: nil) })
                }
            } else {
                subscription.bases[topic.id] = .some(shown.map { QuoteVersion($0, frame: nil) })
            }
        }
        let quotes = result.quotes.map { known[$0.symbol] ?? $0 }
        let snapshot = QuoteResult(quotes: quotes, failures: result.failures, outages: result.outages)
        let statuses = sources()
        viewer.statuses.note(statuses)
        send(.snapshot(statuses) { list.quotes(snapshot).writeFields(to: &$0) }, subscription)
    }

    /// The client's connection takes bytes again.
    func isReady(_ viewer: Viewer, at now: ContinuousClock.Instant) {
        guard !viewer.isFlushing, !viewer.isClosed, viewer.isBehind, viewer.output.isWritable else { return }
        viewer.isBehind = false
        writer.flush(viewer)
        for subscription in Array(viewer.subscriptions.values) {
            if viewer.isBehind { return }
            catchUp(subscription, at: now)
        }
        writer.flush(viewer)
        guard !viewer.isBehind else { return }
        for promise in viewer.waiting { promise.succeed() }
        viewer.waiting = []
    }

    // MARK: Writing

    private func touch(_ viewer: Viewer) {
        viewer.hasMessages = true
        writer.touch(viewer)
    }

    /// Writes the buffers of all viewers that have messages.
    func flush() {
        writer.flush()
        if messages > 0 { counters.messages.increment(by: messages) }
        messages = 0
    }

    // MARK: From time to time

    /// Sends the newest quotes to those who get ticks.
    func tick() {
        for viewer in viewers.values where !viewer.isBehind {
            for subscription in viewer.subscriptions.values {
                guard case .ticks(let names) = subscription.kind, !subscription.ticks.isEmpty else { continue }
                let versions = subscription.ticks
                subscription.ticks = [:]
                for (id, version) in versions.sorted(by: { $0.value.quote.symbol < $1.value.quote.symbol })
                where version.quote.last != nil {
                    let name = names[id] ?? version.quote.symbol.description
                    send(message: LegacyAPISession.tick(name, version.quote), to: viewer)
                }
            }
        }
    }

    /// Reports what was merged, closes clients that take nothing and gives back memory.
    func inspect(at now: ContinuousClock.Instant, slowClientTime: Duration) -> Int {
        var slow = 0
        for viewer in Array(viewers.values) {
            if viewer.isBehind { isReady(viewer, at: now) }
            if !viewer.isBehind {
                for subscription in viewer.subscriptions.values where subscription.isLive {
                    reportLag(subscription, at: now)
                }
                writer.flush(viewer)
            }
            viewer.buffer.trim()
            let isTooSlow = viewer.watch.isTooSlow(
                isBehind: viewer.isBehind, taken: viewer.taken, at: now, limit: slowClientTime)
            guard isTooSlow else { continue }
            slow += 1
            counters.slowClients.increment(by: 1)
            viewer.output.closeSlowClient()
            remove(viewer)
        }
        return slow
    }

    /// Sends a heartbeat to the clients of server-sent events.
    func heartbeat() {
        for viewer in viewers.values where !viewer.isBehind && viewer.buffer.count == 0 {
            viewer.buffer.appendHeartbeat()
            writer.flush(viewer)
        }
    }
}

extension QuoteResult {
    /// Why no quote will ever come, where every instrument failed for good.
    fileprivate var permanentFailure: MarketDataError? {
        guard quotes.isEmpty, failures.allSatisfy({ !$0.error.isRetryable }) else { return nil }
        return failures.first?.error
    }
}
