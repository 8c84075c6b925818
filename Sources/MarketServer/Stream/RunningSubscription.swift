import Synchronization

/// A subscription while it runs, and the handle to end it.
final class RunningSubscription: Sendable {
    private let task: Task<SubscriptionVoice, Never>
    private let over: Flag

    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    /// Starts it. It has its own task because it ends alone, long before the connection that cancels it in the end.
    init(_ run: @escaping @Sendable () async -> SubscriptionVoice) {
        let over = Flag()
        self.over = over
        task = Task {
            let voice = await run()
            over.isSet.withLock { $0 = true }
            return voice
        }
    }

    /// Whether it has ended by itself.
    var isOver: Bool { over.isSet.withLock { $0 } }

    /// Ends it without waiting.
    func cancel() { task.cancel() }

    /// Ends it; after this nothing of it is sent any more.
    func end() async -> SubscriptionVoice {
        task.cancel()
        return await task.value
    }
}
