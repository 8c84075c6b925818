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
    func run(_ voice: inout SubscriptionVoice, to sink: some StreamSink) async throws {
        var told: Timestamp?
        while true {
            do {
                let snapshot = try await snapshots.snapshot(request)
                if told.map({ snapshot.provenance.asOf > $0 }) ?? true {
                    told = snapshot.provenance.asOf
                    let size = 1024 + snapshot.strikes.count * 320
                    let statuses = hub.sources.map(\.status)
                    sink.note(statuses)
                    try await sink.send(voice.snapshot(statuses, capacity: size) { snapshot.writeFields(to: &$0) })
                }
            } catch let error as MarketDataError where told != nil && error.isRetryable {
                try await sink.send(voice.message(error))
            }
            try await Task.sleep(for: pace)
        }
    }
}
