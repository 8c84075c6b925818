import NIOCore

/// What a task hands to the channel to be sent.
enum WebSocketOutboundPart: Sendable {
    case message(WebSocketMessage)
    /// One message in so many frames.
    case fragmented(WebSocketMessage, pieces: Int)
    case ping(ByteBuffer)
    /// Bytes that are already frames, or that are none on purpose.
    case encoded(ByteBuffer)

    /// The size of the payload, as the backlog counts it.
    var byteCount: Int {
        switch self {
        case .message(let message), .fragmented(let message, _): message.bytes.readableBytes
        case .ping(let bytes), .encoded(let bytes): bytes.readableBytes
        }
    }
}

/// The request to begin the close handshake; it goes past what waits for writability.
struct WebSocketCloseRequest: Sendable {
    let code: WebSocketCloseCode
    let reason: String
}
