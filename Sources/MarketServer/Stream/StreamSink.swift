import MarketData
import NIOCore

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
