public import Logging
public import MarketData
public import MarketStore
public import ServiceLifecycle

/// Applies a store's retention policy at the start and once a day. Without a policy it does nothing.
public struct RetentionKeeper: Service {
    private let store: any BarStore
    private let pause: Duration
    private let logger: Logger
    private let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - store: The store to be kept small.
    ///   - pause: From one application to the next.
    ///   - logger: Logs removals and failures.
    ///   - clock: The time.
    public init(
        store: any BarStore, pause: Duration = .seconds(86_400), logger: Logger,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.pause = pause
        self.logger = logger
        self.clock = clock
    }

    /// Runs until it is cancelled or shut down. A store that fails is tried again the next day.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                do throws(StoreError) {
                    let bars = try await store.applyRetention(now: clock())
                    if bars > 0 { logger.info("old bars were removed", metadata: ["bars": "\(bars)"]) }
                } catch {
                    logger.error("the retention policy was not applied", metadata: ["reason": "\(error.message)"])
                }
                try await Task.sleep(for: pause)
            }
        }
    }
}
