public import Logging
public import MarketHistory
import MarketHub
public import MarketStore

/// The store of a run, opened for writing where that can be, else beside another writer.
public struct OpenedStore: Sendable {
    /// The store.
    public let store: SQLiteMarketStore
    /// Whether another process writes, so that nothing can be added.
    public let isReadOnly: Bool

    /// A store that is open.
    public init(_ store: SQLiteMarketStore, isReadOnly: Bool = false) {
        self.store = store
        self.isReadOnly = isReadOnly
    }

    /// Opens the store that a configuration names, for work that goes on without one: for writing, for reading beside
    /// another writer, or not at all, which is logged.
    public static func forAnswers(_ configuration: AppConfiguration, logger: Logger) -> OpenedStore? {
        do {
            return OpenedStore(try configuration.openStore(for: .writing))
        } catch {
            guard let store = try? configuration.openStore(for: .reading) else {
                logger.warning(
                    "there is no store; nothing is kept",
                    metadata: ["folder": "\(configuration.dataFolder)", "why": "\(error.message)"])
                return nil
            }
            logger.info(
                "the store is read beside another writer; nothing is added", metadata: ["why": "\(error.message)"])
            return OpenedStore(store, isReadOnly: true)
        }
    }

    /// Where open interest is kept and past moments are answered from.
    public func openInterestMemory(logger: Logger) -> OpenInterestMemory {
        OpenInterestMemory(store: store, isReadOnly: isReadOnly, logger: logger)
    }
}
