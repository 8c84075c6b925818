import MarketData
import NIOCore
import Synchronization

/// The client of server-sent events: an event a message.
struct EventSink: StreamSink {
    let events = Rendezvous<ByteBuffer>()
    let watch: SlowClientWatch
    private let statuses = KnownStatuses()
    private let early = EarlyFailure()

    init(slowClientTime: Duration) { watch = SlowClientWatch(limit: slowClientTime) }

    func send(_ message: ByteBuffer) async throws { try await send(message, eventID: nil) }

    /// Sends a message whose `id` a client that reconnects sends back.
    func send(_ message: ByteBuffer, eventID: Int64?) async throws {
        var event = ByteBuffer()
        event.reserveCapacity(message.readableBytes + 32)
        if let eventID { event.writeString("id: \(eventID)\n") }
        event.writeStaticString("data: ")
        event.writeImmutableBuffer(message)
        event.writeStaticString("\n\n")
        try await watch.watching { try await events.give(event) }
    }

    func note(_ statuses: [SourceStatus]) {
        for status in statuses { _ = self.statuses.isChange(status) }
    }

    func send(_ status: SourceStatus) async throws {
        if statuses.isChange(status) { try await send(StreamMessage.status(status)) }
    }

    /// The failure with which the subscription ended before it sent anything else; `nil` where it did not within `limit`.
    /// - Throws: `CancellationError`.
    func earlyFailure(within limit: Duration) async throws -> MarketDataError? {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if let failure = early.failure { return failure }
            if events.hasGivers || events.isFinished { return nil }
            try await Task.sleep(for: .milliseconds(5))
        }
        return early.failure
    }

    func fail(_ error: MarketDataError) { if !events.hasGivers { early.note(error) } }

    /// A comment, by which both sides notice that the other has gone.
    func sendHeartbeat() async throws {
        try await watch.watching { try await events.give(ByteBuffer(staticString: ":\n\n")) }
    }
}

/// The failure of a subscription that had sent nothing yet.
private final class EarlyFailure: Sendable {
    private let state = Mutex<MarketDataError?>(nil)

    var failure: MarketDataError? { state.withLock { $0 } }

    func note(_ error: MarketDataError) { state.withLock { $0 = $0 ?? error } }
}
