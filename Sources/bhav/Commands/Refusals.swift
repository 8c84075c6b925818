import MarketData
import Synchronization

/// What a source has refused so far, for whoever ends first to know of it.
final class Refusals: Sendable {
    private let errors = Mutex<[MarketDataError]>([])

    var count: Int { errors.withLock { $0.count } }
    var first: MarketDataError? { errors.withLock { $0.first } }

    /// Adds one; how many there are with it.
    @discardableResult
    func add(_ error: MarketDataError) -> Int {
        errors.withLock { errors in
            errors.append(error)
            return errors.count
        }
    }
}
