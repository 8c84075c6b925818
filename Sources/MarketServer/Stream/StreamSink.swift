import MarketData
import NIOCore

/// Where the messages of a client go; waits while the client does not take them.
protocol StreamSink: Sendable {
    func send(_ message: ByteBuffer) async throws

    /// Sends a source's status, unless the client knows it already from another subscription.
    func send(_ status: SourceStatus) async throws
}
