import MarketData
import MarketFormats
import MarketHub
import NIOCore

/// Follows the open interest of an expiry: asks at a steady pace and tells whatever is newer.
struct OpenInterestSubscription: Sendable {
    let hub: MarketHub
    let snapshots: SharedSnapshots
    let request: OpenInterestRequest
    let pace: Duration

    /// Sends a snapshot, and another whenever the source's own stamp is newer, until the task is cancelled. A source that
    /// repeats itself, or falls back to what it served before, changes nothing.
    func run(_ encoder: inout MessageEncoder, to sink: some StreamSink) async throws {
        var told: Timestamp?
        while true {
            do {
                let snapshot = try await snapshots.snapshot(request)
                if told.map({ snapshot.provenance.asOf > $0 }) ?? true {
                    told = snapshot.provenance.asOf
                    let size = 1024 + snapshot.strikes.count * 320
                    let statuses = hub.sources.map(\.status)
                    sink.note(statuses)
                    try await sink.send(encoder.snapshot(statuses, capacity: size) { snapshot.writeFields(to: &$0) })
                }
            } catch let error as MarketDataError where told != nil && error.isRetryable {
                try await sink.send(encoder.message(error))
            }
            try await Task.sleep(for: pace)
        }
    }
}

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
