import MarketData
import Synchronization

/// A source at the network's edge that never answers, and notes when it is no longer waited for.
final class PatientSource: BarHistoryProvider {
    private let state = Mutex((asked: 0, cancelled: 0))

    /// How many questions were asked.
    var asked: Int { state.withLock { $0.asked } }
    /// How many were given up.
    var cancelled: Int { state.withLock { $0.cancelled } }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        state.withLock { $0.asked += 1 }
        do {
            try await Task.sleep(for: .seconds(3600))
        } catch {
            state.withLock { $0.cancelled += 1 }
            throw error
        }
        throw CancellationError()
    }
}
