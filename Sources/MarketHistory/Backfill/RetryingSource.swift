import MarketData
import Synchronization

/// A source that is asked at a pace, and again where it may answer later. Counts its requests.
final class RetryingSource: BarHistoryProvider {
    private let source: any BarHistoryProvider
    private let pace: Backfill.Pace
    private let state = Mutex((requests: 0, hasAnswered: false))

    init(_ source: any BarHistoryProvider, pace: Backfill.Pace) {
        self.source = source
        self.pace = pace
    }

    /// How many requests were sent.
    var requests: Int { state.withLock { $0.requests } }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        if requests > 0 { try await Task.sleep(for: pace.pause) }
        var attempt = 1
        while true {
            try Task.checkCancellation()
            state.withLock { $0.requests += 1 }
            do {
                let series = try await source.bars(request)
                state.withLock { $0.hasAnswered = true }
                return series
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = MarketDataError(wrapping: error)
                let wait = RetryingSource.wait(after: failure, hasAnswered: state.withLock { $0.hasAnswered })
                guard attempt < pace.attempts, let wait else { throw failure }
                try await Task.sleep(for: wait)
                attempt += 1
            }
        }
    }

    /// How long to wait before the same request again; `nil` where that is in vain.
    static func wait(after error: MarketDataError, hasAnswered: Bool) -> Duration? {
        switch error.recovery {
        case .retry(let seconds): .seconds(min(max(seconds, 0), 300))
        case .reconnect, .resubscribe: hasAnswered ? .seconds(2) : nil
        case .giveUp: nil
        }
    }
}
