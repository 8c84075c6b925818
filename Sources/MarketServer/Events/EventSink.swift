import MarketData
import NIOCore

/// The client of server-sent events: an event a message.
struct EventSink: StreamSink {
    let events = Rendezvous<ByteBuffer>()
    let watch: SlowClientWatch
    private let statuses = ToldStatuses()

    init(slowClientTime: Duration) { watch = SlowClientWatch(limit: slowClientTime) }

    func send(_ message: ByteBuffer) async throws {
        var event = ByteBuffer()
        event.reserveCapacity(message.readableBytes + 8)
        event.writeStaticString("data: ")
        event.writeImmutableBuffer(message)
        event.writeStaticString("\n\n")
        try await watch.watching { try await events.give(event) }
    }

    func send(_ status: SourceStatus) async throws {
        if statuses.isNews(status) { try await send(StreamMessage.status(status)) }
    }

    /// A comment, by which both sides notice that the other has gone.
    func sendHeartbeat() async throws {
        try await watch.watching { try await events.give(ByteBuffer(staticString: ":\n\n")) }
    }
}
