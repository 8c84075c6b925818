public import NIOCore

/// One whole WebSocket message, however many frames carried it.
public enum WebSocketMessage: Hashable, Sendable {
    /// A text message; its bytes are valid UTF-8.
    case text(ByteBuffer)
    /// A binary message.
    case binary(ByteBuffer)

    /// A text message of `string`.
    public static func text(_ string: String) -> WebSocketMessage { .text(ByteBuffer(string: string)) }

    /// The bytes, whichever the kind.
    public var bytes: ByteBuffer {
        switch self {
        case .text(let bytes), .binary(let bytes): bytes
        }
    }
}
