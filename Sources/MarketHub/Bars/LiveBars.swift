package import MarketData
import MarketHistory
import Synchronization

/// Live bars, shared: one upstream feed a series, however many readers.
final class LiveBars: Sendable {
    private struct Kept {
        var task: Task<Void, Never>?
        var window: BarWindow?
        var lastData: Timestamp?
        var outage = Outage()
        var supervision: Supervision
        var condition: SubscriptionCondition?
    }

    private struct State {
        var topics = SharedTopics<BarTopic, Kept>()
        var readers: [Int: BarReader] = [:]

        /// A topic that is open already and holds enough, else the one to open.
        func topic(for wanted: BarTopic) -> BarTopic {
            topics.entries.keys.first { $0.serves(wanted) } ?? wanted
        }
    }

    private let state = Mutex(State())
    private let sources: SourceFailover<any LiveFeedProvider>
    private let ledger: SourceLedger
    private let archive: BarArchive?
    private let clock: @Sendable () -> Timestamp
    private let start = ContinuousClock.now
    private var uptime: Duration { ContinuousClock.now - start }
    /// How long readers wait for the source's snapshot before they get what past bars there are.
    private static let patience = Duration.seconds(2)

    init(
        sources: SourceFailover<any LiveFeedProvider>, ledger: SourceLedger, archive: BarArchive? = nil,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.sources = sources
        self.ledger = ledger
        self.archive = archive
        self.clock = clock
    }

    /// A new reader's feed. If the series is open already, it begins with the status of an unavailable source and the
    /// snapshot.
    func feed(of request: BarRequest, count: Int) -> Feed<BarEvent> {
        let (feed, source) = Feed.ofBars()
        let reader = join(request, count: count, LiveHandler(source))
        source.onAbandoned { [weak self] in self?.leave(reader) }
        return feed
    }

    /// Calls a handler for each event of a series, beginning with the opening, until the subscription ends.
    func follow(_ request: BarRequest, count: Int, _ handler: LiveHandler<BarEvent>) -> LiveBarSubscription {
        let reader = join(request, count: count, handler)
        return LiveBarSubscription { [weak self] in
            self?.leave(reader)
        } opening: { [weak self] body in
            self?.state.withLock { state in
                guard let known = state.readers[reader], let self else { return }
                body(self.opening(known, state))
            }
        }
    }

    /// What a reader gets first if it joins now.
    private func opening(_ reader: BarReader, _ state: borrowing State) -> [BarEvent] {
        guard let kept = state.topics.entries[reader.topic]?.value else { return [] }
        var events: [BarEvent] = []
        if let status = kept.outage.status(hasData: kept.window != nil) { events.append(.status(status)) }
        if let status = trouble(of: kept) { events.append(.status(status)) }
        if let window = kept.window { events.append(.snapshot(window.snapshot(reader.request, count: reader.count))) }
        return events
    }

    private func join(_ request: BarRequest, count: Int, _ handler: LiveHandler<BarEvent>) -> Int {
        state.withLock { state in
            let reader = state.topics.newReader()
            let topic = state.topic(for: BarTopic(request, count: count))
            let entry = BarReader(handler: handler, topic: topic, request: request, count: count)
            state.readers[reader] = entry
            state.topics.join(reader, topic) { generation in
                // As with quotes: the task is cancelled when the last reader leaves.
                Kept(task: Task { await self.read(topic, generation) }, supervision: Supervision(at: self.uptime))
            }
            for event in opening(entry, state) { handler.receive(event) }
            return reader
        }
    }

    /// The open upstream subscriptions.
    var reports: [SubscriptionReport] {
        let (uptime, now) = (uptime, clock())
        return state.withLock { state in
            state.topics.entries.map { topic, entry in
                SubscriptionReport(
                    channel: "bars", symbol: topic.request.symbol, interval: topic.request.interval,
                    readers: entry.readers.reduce(0) { $0 + (state.readers[$1]?.handler.readers() ?? 0) },
                    lastData: entry.value.lastData,
                    condition: entry.value.condition
                        ?? entry.value.supervision.condition(at: uptime, now: now))
            }
        }
    }

    private func leave(_ reader: Int) {
        let left = state.withLock { state in
            state.readers[reader] = nil
            return state.topics.leave(reader)
        }
        for topic in left { topic.task?.cancel() }
    }

    /// Reads a series until its last reader leaves, or until it fails permanently.
    private func read(_ topic: BarTopic, _ generation: Int) async {
        // Cancelled when the feed ends.
        async let _ = openWithPastBars(topic, generation)
        let failure = await sources.follow {
            try await $0.liveBars(topic.request)
        } isData: {
            if case .snapshot = $0 { true } else { false }
        } receive: {
            self.received($0, topic, generation)
        } retry: {
            failed(topic, generation, $0)
        }
        if !Task.isCancelled { ended(topic, generation, throwing: failure) }
    }

    /// Sends the readers the past bars, from the store where the source has none, if the source sends no snapshot in time. The
    /// source's snapshot replaces them.
    private func openWithPastBars(_ topic: BarTopic, _ generation: Int) async {
        guard let archive, (try? await Task.sleep(for: LiveBars.patience)) != nil,
            state.withLock({ isWithoutBars(topic, generation, $0) }),
            let series = try? await archive.bars.bars(topic.request)
        else { return }
        state.withLock { state in
            guard !Task.isCancelled, isWithoutBars(topic, generation, state) else { return }
            let window = BarWindow(series, capacity: topic.count)
            let readers = state.topics.update(topic, generation) { $0.window = window }
            for reader in readers.compactMap({ state.readers[$0] }) {
                reader.handler.receive(.snapshot(window.snapshot(reader.request, count: reader.count)))
            }
        }
    }

    private func isWithoutBars(_ topic: BarTopic, _ generation: Int, _ state: borrowing State) -> Bool {
        guard let entry = state.topics.entries[topic], entry.generation == generation else { return false }
        return entry.value.window == nil
    }

    /// Sends the readers the failure and the time of the next try.
    /// - Returns: How long to wait; `nil` where it failed permanently.
    private func failed(_ topic: BarTopic, _ generation: Int, _ failure: MarketDataError) -> Duration? {
        let uptime = uptime
        return state.withLock { state in
            var wait: Duration?
            var status: SourceStatus?
            let readers = state.topics.update(topic, generation) { kept in
                var random = SystemRandomNumberGenerator()
                wait = kept.supervision.failed(failure, at: uptime, using: &random)
                kept.condition = nil
                if wait != nil { status = trouble(of: kept) }
            }
            guard let status else { return wait }
            for reader in readers { state.readers[reader]?.handler.receive(.status(status)) }
            return wait
        }
    }

    /// The status with the reason why a series has no live data; `nil` if it is live.
    private func trouble(of kept: Kept) -> SourceStatus? {
        let now = clock()
        let condition = kept.condition ?? kept.supervision.condition(at: uptime, now: now)
        guard condition.state != .live, condition.error != nil || condition.state == .stale else { return nil }
        return SourceStatus(
            subscription: condition, source: condition.error?.source ?? kept.window?.source, lastData: kept.lastData)
    }

    private func received(_ event: BarEvent, _ topic: BarTopic, _ generation: Int) {
        let now = clock()
        archive?.received(event, of: topic.request)
        let uptime = uptime
        if case .status(let status) = event, status.subscription == nil { ledger.reported(status) }
        state.withLock { state in
            var source: Provenance.Source?
            // After a break a reader gets the bars that it missed too, however few it began with, and a gap for the rest.
            var resumption: Timestamp?
            var gap: TimeRange?
            let readers = state.topics.update(topic, generation) { kept in
                switch event {
                case .snapshot(let series):
                    let window = BarWindow(series, capacity: topic.count)
                    resumption = kept.window?.resumption
                    gap = kept.window.flatMap(window.gap)
                    kept.window = window
                case .bar(let bar): kept.window?.apply(bar, at: now)
                case .gap(let range):
                    // Missing bars are not data.
                    kept.window?.note(gap: range)
                    return
                case .repaired(let range, let bars): kept.window?.repair(range, with: bars, at: now)
                case .status(let status):
                    if let condition = status.subscription {
                        kept.condition = condition.state == .live ? nil : condition
                    } else {
                        kept.outage.reported(status)
                    }
                    return
                }
                kept.outage.ended()
                kept.condition = nil
                kept.supervision.live(at: uptime)
                kept.lastData = now
                source = kept.window?.source
            }
            if let source { ledger.received(from: source) }
            let window = state.topics.entries[topic]?.value.window
            for reader in readers.compactMap({ state.readers[$0] }) {
                if case .snapshot = event, let window {
                    if let gap { reader.handler.receive(.gap(gap)) }
                    let snapshot = window.snapshot(reader.request, count: reader.count, since: resumption)
                    reader.handler.receive(.snapshot(snapshot))
                } else {
                    reader.handler.receive(event)
                }
            }
        }
    }

    private func ended(_ topic: BarTopic, _ generation: Int, throwing error: MarketDataError?) {
        state.withLock { state in
            for reader in state.topics.close(topic, generation).readers {
                state.readers.removeValue(forKey: reader)?.handler.end(error)
                _ = state.topics.leave(reader)
            }
        }
    }
}

/// One reader of a live series.
struct BarReader {
    let handler: LiveHandler<BarEvent>
    let topic: BarTopic
    let request: BarRequest
    let count: Int
}

/// The key of a shared live series: a request without its length, which is rounded to a few sizes.
struct BarTopic: Hashable {
    /// The request that is put upstream.
    let request: BarRequest
    /// The number of bars to request.
    let count: Int

    /// The topic for a request: the count rounded up, so that readers who want a little more or less share one.
    init(_ request: BarRequest, count: Int) {
        let size = BarTopic.sizes.first { $0 >= count } ?? count
        self.count = size
        var upstream = request
        upstream.span = .count(size)
        self.request = upstream
    }

    /// Whether this topic can serve a reader of the other.
    func serves(_ other: BarTopic) -> Bool {
        var same = other.request
        same.span = request.span
        return same == request && count >= other.count
    }

    private static let sizes = [300, 1_000, 5_000, 20_000, BarRequest.largestCount]
}

/// A live subscription to bars that is open until it is cancelled or upstream ends it.
package struct LiveBarSubscription: Sendable {
    private let leave: @Sendable () -> Void
    private let opening: @Sendable (([BarEvent]) -> Void) -> Void

    fileprivate init(
        leave: @escaping @Sendable () -> Void, opening: @escaping @Sendable (([BarEvent]) -> Void) -> Void
    ) {
        self.leave = leave
        self.opening = opening
    }

    /// Ends it. An event that is being delivered may still reach the handler.
    package func cancel() { leave() }

    /// Calls the body with the events that a reader of the same series would get first if it joined now. The handler gets
    /// no event meanwhile. The body is not called when the subscription is over.
    package func withOpening(_ body: ([BarEvent]) -> Void) { opening(body) }
}
