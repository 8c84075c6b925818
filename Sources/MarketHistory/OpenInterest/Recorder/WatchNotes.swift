import MarketData
import MarketStore

/// Turns looks into watches: each look ends the span that began with the one before.
struct WatchNotes {
    private struct Look {
        let time: Timestamp
        let outcome: RecordingWatch.Outcome
        /// When the next look was due; long after that, nobody watched.
        let due: Timestamp
    }

    private let patience: Int64
    private var last: [RecordedChain: Look] = [:]

    init(_ plan: RecordingPlan) { patience = plan.refresh }

    /// A look at a chain. The span up to it went as it began: what follows a refusal is refused until an answer comes.
    mutating func looked(
        _ chain: RecordedChain, _ outcome: RecordingWatch.Outcome, at now: Timestamp, nextDue due: Timestamp
    ) -> RecordingWatch {
        let before = last[chain].flatMap { now <= $0.due.advanced(bySeconds: patience) ? $0 : nil }
        last[chain] = Look(time: now, outcome: outcome, due: max(now, due))
        let start = min(before?.time ?? now, now)
        let stretch = before.map { $0.outcome == .watched ? outcome : $0.outcome } ?? outcome
        return RecordingWatch(
            symbol: chain.symbol, expiry: chain.expiry, span: TimeRange(from: start, to: now), outcome: stretch)
    }
}

extension RecordingWatch.Outcome {
    init(_ error: MarketDataError) {
        self =
            switch error.code {
            case .throttled, .overloaded, .notEntitled, .signInRefused: .refused
            case .noDataForTime: .otherTime
            default: .failed
            }
    }
}
