public import Logging
public import MarketData
public import MarketHistory
import MarketHub
public import MarketStore
import MockMarket
import ServiceLifecycle

/// Runs the recorder within the server. After a failure it restarts from what the store has; the server keeps running.
/// The pause before a restart doubles while it keeps failing, because each start costs requests of the daily quota.
struct RecordingService: Service {
    let recorder: OpenInterestRecorder
    let logger: Logger
    var firstPause = Duration.seconds(60)
    var longestPause = Duration.seconds(3_600)

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                var pause = firstPause
                while !Task.isCancelled {
                    let began = ContinuousClock.now
                    await record()
                    if ContinuousClock.now - began > longestPause { pause = firstPause }
                    try await Task.sleep(for: pause)
                    pause = min(pause * 2, longestPause)
                }
            }
        } catch is CancellationError {}
    }

    private func record() async {
        do {
            try await recorder.run()
        } catch {
            let why = (error as? StoreError)?.message ?? (error as? MarketDataError)?.message ?? "\(type(of: error))"
            logger.error("recording failed; restarting", metadata: ["why": "\(why)"])
        }
    }
}

extension Market {
    /// The server's own recording, as `BHAV_RECORD` names it; `nil` where it names nothing.
    /// - Throws: `ConfigurationError` where there is no store to record into.
    func recordingService(logger: Logger) throws(ConfigurationError) -> RecordingService? {
        guard !configuration.recorded.isEmpty else { return nil }
        guard let store, !store.isReadOnly else {
            throw ConfigurationError(
                "BHAV_RECORD",
                "cannot write to the store in BHAV_DATA=\(configuration.dataFolder), perhaps because another process "
                    + "uses it; stop that process, or leave BHAV_RECORD empty")
        }
        let plan = RecordingPlan(symbols: configuration.recorded, dailyRequests: configuration.recordingBudget)
        return RecordingService(recorder: recorder(plan, into: store.store, logger: logger), logger: logger)
    }
}

extension AppConfiguration {
    /// By whose sessions open interest is recorded.
    public var derivativesCalendar: TradingCalendar {
        useMockData && mockHours == .always ? .continuous() : .nse
    }

    /// How many requests a recorder may spend a day: the mock market counts none.
    public var recordingBudget: Int { useMockData ? 100_000 : RecordingPlan(symbols: []).dailyRequests }
}

extension Market {
    /// Returns a recorder of open interest from this market's sources.
    /// - Parameter observe: Called for each event.
    public func recorder(
        _ plan: RecordingPlan, into store: SQLiteMarketStore, logger: Logger,
        observe: @escaping @Sendable (RecordingEvent) throws -> Void = { _ in }
    ) -> OpenInterestRecorder {
        OpenInterestRecorder(
            plan: plan, sources: hub.openInterestSources, store: store, calendar: configuration.derivativesCalendar,
            clock: .waiting(by: clock), logger: logger, observe: observe)
    }
}
