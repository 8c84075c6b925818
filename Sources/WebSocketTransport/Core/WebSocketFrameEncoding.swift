public import NIOCore
import NIOWebSocket

extension WebSocketOutbound {
    /// A whole server frame of a text message, to be encoded once and shared by all viewers.
    public static func encodeServerFrame(text: String) -> ByteBuffer {
        encodeServerFrame(.text(text))
    }

    /// A whole server frame of a text message whose bytes are UTF-8.
    public static func encodeServerFrame(text: ByteBuffer) -> ByteBuffer {
        encodeServerFrame(.text(text))
    }

    /// A whole server frame (unmasked, final) of a message.
    public static func encodeServerFrame(_ message: WebSocketMessage) -> ByteBuffer {
        let payload = message.bytes
        var frame = ByteBuffer()
        frame.reserveCapacity(payload.readableBytes + 10)
        frame.writeFrameHead(opcode: message.opcode, isFinal: true, length: payload.readableBytes, mask: nil)
        frame.writeImmutableBuffer(payload)
        return frame
    }
}

extension WebSocketMessage {
    var opcode: WebSocketOpcode {
        switch self {
        case .text: .text
        case .binary: .binary
        }
    }
}

extension ByteBuffer {
    /// Writes what precedes a frame's payload (RFC 6455, section 5.2).
    mutating func writeFrameHead(opcode: WebSocketOpcode, isFinal: Bool, length: Int, mask: WebSocketMaskingKey?) {
        writeInteger(UInt8(webSocketOpcode: opcode) | (isFinal ? 0x80 : 0))
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        switch length {
        case ...125:
            writeInteger(UInt8(length) | maskBit)
        case ...Int(UInt16.max):
            writeInteger(126 | maskBit)
            writeInteger(UInt16(length))
        default:
            writeInteger(127 | maskBit)
            writeInteger(UInt64(length))
        }
        if let mask { writeBytes(mask) }
    }

    /// Applies, or takes away, a client's mask: every byte XOR one of the key's four, eight bytes at a time.
    mutating func applyMask(_ key: WebSocketMaskingKey) {
        let bytes = (key[0], key[1], key[2], key[3])
        let word = withUnsafeBytes(of: (bytes, bytes)) { $0.loadUnaligned(as: UInt64.self) }
        withUnsafeMutableReadableBytes { payload in
            let whole = payload.count & ~7
            for offset in stride(from: 0, to: whole, by: 8) {
                let masked = payload.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ word
                payload.storeBytes(of: masked, toByteOffset: offset, as: UInt64.self)
            }
            for offset in whole..<payload.count { payload[offset] ^= key[offset & 3] }
        }
    }
}
