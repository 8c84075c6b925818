import MarketData
import NIOCore
import Synchronization
import WebSocketTransport

/// Where the messages of a client go; waits while the client does not take them.
protocol StreamSink: Sendable {
    func send(_ message: ByteBuffer) async throws

    /// Sends a source's status, unless the client knows it already from another subscription.
    func send(_ status: SourceStatus) async throws

    /// Sends a message that tells of bars up to the one that opens at `eventID`, in seconds.
    func send(_ message: ByteBuffer, eventID: Int64?) async throws

    /// The subscription is about to fail for good.
    func fail(_ error: MarketDataError)

    /// The client learns these statuses from a snapshot.
    func note(_ statuses: [SourceStatus])
}

extension StreamSink {
    func send(_ message: ByteBuffer, eventID: Int64?) async throws { try await send(message) }

    func fail(_ error: MarketDataError) {}
}

/// The client of a WebSocket.
struct SocketSink: StreamSink {
    let outbound: WebSocketOutbound
    let watch: SlowClientWatch
    let statuses = KnownStatuses()

    func send(_ message: ByteBuffer) async throws {
        try await watch.watching { try await outbound.write(.text(message)) }
    }

    func note(_ statuses: [SourceStatus]) {
        for status in statuses { _ = self.statuses.isChange(status) }
    }

    func send(_ status: SourceStatus) async throws {
        if statuses.isChange(status) { try await send(StreamMessage.status(status)) }
    }
}

/// Notices a client that does not take its messages.
final class SlowClientWatch: Sendable {
    private struct State {
        var waiting = 0
        var lastProgress = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let limit: Duration

    init(limit: Duration) { self.limit = limit }

    /// A write during which the client is watched.
    func watching<Result>(_ write: () async throws -> Result) async throws -> Result {
        state.withLock { state in
            if state.waiting == 0 { state.lastProgress = .now }
            state.waiting += 1
        }
        defer {
            state.withLock { state in
                state.waiting -= 1
                state.lastProgress = .now
            }
        }
        return try await write()
    }

    /// Returns once no message was taken for the whole limit, though some wait.
    /// - Throws: `CancellationError`.
    func untilTooSlow() async throws {
        while true {
            try await Task.sleep(for: limit / 4)
            let isSlow = state.withLock { $0.waiting > 0 && .now - $0.lastProgress > limit }
            if isSlow { return }
        }
    }
}

/// What a client has been told of the sources, so that it hears each change once.
final class KnownStatuses: Sendable {
    private let told = Mutex<[Provenance.Source: SourceStatus]>([:])

    /// Whether the client does not know this yet; from now on it does.
    func isChange(_ status: SourceStatus) -> Bool {
        told.withLock { told in
            let former = told.updateValue(status, forKey: status.source)
            return former.map { ($0.state, $0.reason) != (status.state, status.reason) } ?? true
        }
    }
}
