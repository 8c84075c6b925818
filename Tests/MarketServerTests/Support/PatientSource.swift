import MarketData
import Synchronization

/// A source that never responds, and counts cancelled requests.
final class PatientSource: BarHistoryProvider {
    private let state = Mutex((requested: 0, cancelled: 0))

    /// The number of requests.
    var requested: Int { state.withLock { $0.requested } }
    /// How many were given up.
    var cancelled: Int { state.withLock { $0.cancelled } }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        state.withLock { $0.requested += 1 }
        do {
            try await Task.sleep(for: .seconds(3600))
        } catch {
            state.withLock { $0.cancelled += 1 }
            throw error
        }
        throw CancellationError()
    }
}
