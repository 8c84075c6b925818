import MarketData
import NIOCore
import WebSocketTransport

/// The client of a WebSocket.
struct SocketSink: StreamSink {
    let outbound: WebSocketOutbound
    let watch: SlowClientWatch
    let statuses = ToldStatuses()

    func send(_ message: ByteBuffer) async throws {
        try await watch.watching { try await outbound.write(.text(message)) }
    }

    func note(_ statuses: [SourceStatus]) {
        for status in statuses { _ = self.statuses.isNews(status) }
    }

    func send(_ status: SourceStatus) async throws {
        if statuses.isNews(status) { try await send(StreamMessage.status(status)) }
    }
}
