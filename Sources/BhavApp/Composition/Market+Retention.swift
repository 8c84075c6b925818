import Logging
import MarketHistory
import MarketHub
import MarketStore

extension Market {
    /// What lets go of old bars by the policy that the store keeps; `nil` where nothing may be written.
    func retentionKeeper(logger: Logger) -> RetentionKeeper? {
        guard let store, !store.isReadOnly else { return nil }
        return RetentionKeeper(store: store.store, logger: logger, clock: clock)
    }
}
