import MarketData
import MarketHub

/// Snapshots of open interest, asked for once however many clients follow the same expiry.
actor SharedSnapshots {
    private struct Entry {
        let asked: ContinuousClock.Instant
        let question: Task<OpenInterestSnapshot, any Error>
    }

    private let hub: MarketHub
    private let pace: Duration
    private var entries: [OpenInterestRequest: Entry] = [:]

    init(hub: MarketHub, pace: Duration) {
        self.hub = hub
        self.pace = pace
    }

    /// The snapshot asked for last, where that was less than nine tenths of the pace ago, else a new one.
    /// - Throws: `MarketDataError`.
    func snapshot(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        let now = ContinuousClock.now
        entries = entries.filter { now - $0.value.asked < pace * 0.9 }
        if let entry = entries[request] { return try await entry.question.value }
        // The question is everybody's who follows this expiry, so it is not cancelled with the first of them.
        let question = Task { [hub] in try await hub.openInterest(request) }
        entries[request] = Entry(asked: now, question: question)
        return try await question.value
    }
}
