import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketStore
import ServiceLifecycle

extension Market {
    /// The server's own recording, as `BHAV_RECORD` names it; `nil` where it names nothing.
    /// - Throws: `ConfigurationError` where there is no store to record into.
    func recordingService(logger: Logger) throws(ConfigurationError) -> RecordingService? {
        guard !configuration.recorded.isEmpty else { return nil }
        guard let store, !store.isReadOnly else {
            throw ConfigurationError(
                "BHAV_RECORD",
                "the store in BHAV_DATA=\(configuration.dataFolder) cannot be written, perhaps because another process "
                    + "records into it; stop that one, or leave BHAV_RECORD empty")
        }
        let plan = RecordingPlan(symbols: configuration.recorded, dailyRequests: configuration.recordingBudget)
        return RecordingService(recorder: recorder(plan, into: store.store, logger: logger), logger: logger)
    }
}
