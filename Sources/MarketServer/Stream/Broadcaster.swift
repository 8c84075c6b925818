import MarketData
import NIOCore
import Synchronization

/// Hands updates of topics to the viewers of one event loop.
///
/// Updates are collected for about a millisecond, so that each viewer is written once per period however many there are;
/// longer where a delivery takes more than half of that. After a pause the first one is delivered at once.
final class Broadcaster: Sendable {
    /// The least time between the beginnings of two deliveries.
    private static let period = TimeAmount.milliseconds(1)
    /// How long the first update of a burst waits for the others.
    private static let gathering = TimeAmount.microseconds(50)
    /// After a pause of this length an update is delivered at once.
    private static let pause = TimeAmount.milliseconds(4)
    /// With more waiting updates than this, the changes of each quote are merged.
    private static let capacity = 16_384

    private struct Inbox {
        var updates: [TopicUpdate] = []
        /// The newest versions of quotes that came when the inbox was full.
        var merged: [Int: (version: QuoteVersion, changes: Int, number: Int)] = [:]
        var isScheduled = false
    }

    /// What belongs to the event loop.
    private final class Loop {
        let fanout: Fanout
        /// When the last delivery began, and how long it took.
        var lastDelivery = NIODeadline.uptimeNanoseconds(0)
        var lastCost = TimeAmount.zero
        var spare: [TopicUpdate] = []
        var timers: [RepeatedTask] = []
        var ticks: RepeatedTask?

        init(_ fanout: sending Fanout) { self.fanout = fanout }
    }

    let eventLoop: any EventLoop
    private let inbox = Mutex(Inbox())
    private let loop: NIOLoopBoundBox<Loop>
    private let limits: MarketServerConfiguration.Limits
    private let topics: LiveTopics
    private let onSlowClients: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - fanout: The viewers of the event loop.
    ///   - topics: What the viewers follow.
    ///   - onSlowClients: Called with the number of clients that were closed because they read too slowly.
    init(
        on eventLoop: any EventLoop, _ fanout: sending Fanout, _ topics: LiveTopics,
        limits: MarketServerConfiguration.Limits,
        onSlowClients: @escaping @Sendable (Int) -> Void
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.topics = topics
        self.onSlowClients = onSlowClients
        loop = .makeBoxSendingValue(Loop(fanout), eventLoop: eventLoop)
    }

    /// Takes an update to be delivered soon; from any thread.
    func publish(_ update: TopicUpdate) {
        let isFirst = inbox.withLock { inbox in
            Broadcaster.add(update, to: &inbox)
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if isFirst { eventLoop.execute { self.wake() } }
    }

    /// Runs work on the event loop with all earlier updates applied, and writes what it sends at once.
    func run<Result: Sendable>(_ body: @escaping @Sendable (Fanout) throws -> Result) async throws -> Result {
        try await eventLoop.submit {
            let loop = self.loop.value
            self.applyUpdates(loop)
            defer { self.settle(loop) }
            return try body(loop.fanout)
        }.get()
    }

    /// Runs work on the event loop without waiting for it.
    func execute(_ body: @escaping @Sendable (Fanout) -> Void) {
        eventLoop.execute {
            let loop = self.loop.value
            body(loop.fanout)
            self.settle(loop)
        }
    }

    /// Adds a viewer; on the event loop.
    func connect(_ viewer: Viewer) {
        let loop = loop.value
        loop.fanout.add(viewer)
        guard loop.timers.isEmpty else { return }
        let inspection = TimeAmount(min(limits.slowClientTime / 4, .seconds(1)))
        loop.timers = [
            eventLoop.scheduleRepeatedTask(initialDelay: inspection, delay: inspection) { [weak self] _ in
                self?.inspect()
            },
            eventLoop.scheduleRepeatedTask(initialDelay: .seconds(15), delay: .seconds(15)) { [weak self] _ in
                self?.loop.value.fanout.heartbeat()
            },
        ]
    }

    /// Removes a viewer; on the event loop.
    func disconnect(_ viewer: Viewer) {
        let loop = loop.value
        loop.fanout.remove(viewer)
        guard loop.fanout.viewers.isEmpty else { return }
        for timer in loop.timers { timer.cancel() }
        loop.timers = []
        loop.ticks?.cancel()
        loop.ticks = nil
    }

    /// Sends ticks from time to time, as long as there are viewers; on the event loop.
    func startTicks() {
        let loop = loop.value
        guard loop.ticks == nil else { return }
        let interval = TimeAmount(limits.legacyTickInterval)
        loop.ticks = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
            guard let self else { return }
            self.loop.value.fanout.tick()
            settle(self.loop.value)
        }
    }

    /// Waits until a client that is behind has caught up or gone.
    func caughtUp(_ viewer: NIOLoopBound<Viewer>) async throws {
        try await eventLoop.flatSubmit { [eventLoop] in
            let viewer = viewer.value
            guard viewer.isBehind, !viewer.isClosed else { return eventLoop.makeSucceededVoidFuture() }
            let promise = eventLoop.makePromise(of: Void.self)
            viewer.waiting.append(promise)
            return promise.futureResult
        }.get()
    }

    private static func add(_ update: TopicUpdate, to inbox: inout Inbox) {
        guard case .quote(let version) = update.content,
            inbox.updates.count >= capacity || inbox.merged[update.topic] != nil
        else {
            inbox.updates.append(update)
            return
        }
        let changes = inbox.merged[update.topic]?.changes ?? 0
        inbox.merged[update.topic] = (version, changes + 1, update.number)
    }

    private func wake() {
        let loop = loop.value
        let now = NIODeadline.now()
        guard now - loop.lastDelivery < Broadcaster.pause else { return deliver() }
        // No more than half of the loop's time goes into deliveries.
        let next = max(now + Broadcaster.gathering, loop.lastDelivery + max(Broadcaster.period, loop.lastCost * 2))
        eventLoop.scheduleTask(deadline: next) { self.deliver() }
    }

    private func deliver() {
        let loop = loop.value
        loop.lastDelivery = .now()
        applyUpdates(loop)
        settle(loop)
        loop.lastCost = .now() - loop.lastDelivery
    }

    /// Writes what waits, and leaves the topics that subscriptions left.
    private func settle(_ loop: Loop) {
        loop.fanout.flush()
        for topic in loop.fanout.takeReleased() { topics.leave(topic, self) }
    }

    private func applyUpdates(_ loop: Loop) {
        var updates = loop.spare
        loop.spare = []
        let merged = inbox.withLock { inbox in
            swap(&updates, &inbox.updates)
            inbox.isScheduled = false
            defer { inbox.merged = [:] }
            return inbox.merged
        }
        loop.fanout.apply(updates)
        if !merged.isEmpty {
            loop.fanout.apply(
                merged.map { topic, latest in
                    let content = TopicUpdate.Content.merged(latest.version, changes: latest.changes)
                    return TopicUpdate(topic: topic, number: latest.number, content: content)
                })
        }
        updates.removeAll(keepingCapacity: updates.capacity <= 1024)
        loop.spare = updates
    }

    private func inspect() {
        let loop = loop.value
        let slow = loop.fanout.inspect(at: .now, slowClientTime: limits.slowClientTime)
        settle(loop)
        if slow > 0 { onSlowClients(slow) }
    }
}

/// The broadcasters of a server: one for each event loop that has viewers.
final class Broadcasters: Sendable {
    private let all = Mutex<[ObjectIdentifier: Broadcaster]>([:])
    private let make: @Sendable (any EventLoop) -> Broadcaster

    init(make: @escaping @Sendable (any EventLoop) -> Broadcaster) { self.make = make }

    /// The broadcaster of an event loop.
    func on(_ eventLoop: any EventLoop) -> Broadcaster {
        all.withLock { all in
            if let known = all[ObjectIdentifier(eventLoop)] { return known }
            let broadcaster = make(eventLoop)
            all[ObjectIdentifier(eventLoop)] = broadcaster
            return broadcaster
        }
    }
}
