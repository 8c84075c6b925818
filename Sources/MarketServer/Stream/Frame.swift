import JSON
import MarketData
import MarketFormats
import NIOCore

/// A message that many viewers get, encoded once. Each viewer's copy has its own `id` and `seq` after the type.
struct Frame: Sendable {
    /// The message without `id` and `seq`.
    let bytes: [UInt8]
    /// The place of `id` and `seq` in the bytes.
    let split: Int
    /// The `id` of the server-sent event: the opening time in seconds of the newest bar up to this message.
    let eventID: Int64?

    /// A message of a type, with the fields that `write` adds.
    init(
        _ type: StaticString, capacity: Int = 256, eventID: Int64? = nil,
        _ write: (inout JSONWriter) -> Void = { _ in }
    ) {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        json.field("type", "\(type)")
        split = json.bytes.count
        write(&json)
        json.endObject()
        bytes = json.bytes
        self.eventID = eventID
    }

    /// A message of any form that has no place for `id` and `seq`.
    init(message: JSONWriter) {
        bytes = message.bytes
        split = message.bytes.count
        eventID = nil
    }
}

/// The `id` of one subscription and the number of its next message, as they are in each message.
struct FrameLabel {
    let id: String
    /// `,"id":"a","seq":`
    let bytes: [UInt8]
    /// The number of the next message.
    private(set) var sequence = 0

    init(id: String) {
        self.id = id
        var json = JSONWriter(capacity: 32 + id.utf8.count)
        json.beginObject()
        json.field("id", id)
        bytes = [UInt8(ascii: ",")] + json.bytes.dropFirst() + Array(",\"seq\":".utf8)
    }

    /// Takes the number of the next message.
    mutating func next() -> Int {
        defer { sequence += 1 }
        return sequence
    }
}

/// The messages of one viewer that wait to be written, framed for its connection.
struct ViewerBuffer {
    /// How messages are separated on the connection.
    enum Framing {
        /// Unmasked text frames of a server (RFC 6455, section 5.2).
        case webSocket
        /// Server-sent events.
        case events
    }

    /// A buffer keeps its memory between writes up to this capacity.
    private static let keptCapacity = 16 << 10

    private let framing: Framing
    private var bytes = ByteBuffer()

    init(_ framing: Framing) { self.framing = framing }

    /// The number of bytes that wait.
    var count: Int { bytes.readableBytes }

    /// Appends a message of a subscription.
    mutating func append(_ frame: Frame, _ label: inout FrameLabel) {
        let sequence = UInt64(label.next())
        let digits = ViewerBuffer.digits(sequence)
        let length = frame.bytes.count + label.bytes.count + digits
        begin(length, eventID: frame.eventID)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { target in
            guard let start = target.baseAddress else { return 0 }
            var place = start
            frame.bytes.withUnsafeBytes { source in
                place.copyMemory(from: source.baseAddress.unsafelyUnwrapped, byteCount: frame.split)
                place += frame.split
                label.bytes.withUnsafeBytes { label in
                    place.copyMemory(from: label.baseAddress.unsafelyUnwrapped, byteCount: label.count)
                    place += label.count
                }
                var rest = sequence
                for index in stride(from: digits - 1, through: 0, by: -1) {
                    let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                    place.storeBytes(
                        of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit), toByteOffset: index, as: UInt8.self)
                    rest = quotient
                }
                place += digits
                place.copyMemory(
                    from: source.baseAddress.unsafelyUnwrapped + frame.split, byteCount: source.count - frame.split)
            }
            return length
        }
        end()
    }

    /// Appends a message that belongs to no subscription.
    mutating func append(message: [UInt8]) {
        begin(message.count, eventID: nil)
        bytes.writeBytes(message)
        end()
    }

    /// Appends a comment by which both sides of server-sent events notice that the other has gone.
    mutating func appendHeartbeat() {
        if framing == .events { bytes.writeStaticString(":\n\n") }
    }

    /// Takes the bytes out.
    mutating func take() -> ByteBuffer {
        defer { bytes = ByteBuffer() }
        return bytes
    }

    /// Uses the memory of bytes that are written for the next messages.
    mutating func reuse(_ written: consuming ByteBuffer) {
        guard bytes.readableBytes == 0, written.capacity <= ViewerBuffer.keptCapacity else { return }
        bytes = written
        bytes.clear()
    }

    /// Gives back the memory of an empty buffer.
    mutating func trim() {
        if bytes.readableBytes == 0 { bytes = ByteBuffer() }
    }

    private mutating func begin(_ length: Int, eventID: Int64?) {
        switch framing {
        case .webSocket:
            switch length {
            case ...125: bytes.writeMultipleIntegers(0x81 as UInt8, UInt8(truncatingIfNeeded: length))
            case ...Int(UInt16.max):
                bytes.writeMultipleIntegers(0x81 as UInt8, 126 as UInt8, UInt16(truncatingIfNeeded: length))
            default:
                bytes.writeMultipleIntegers(0x81 as UInt8, 127 as UInt8, UInt64(length))
            }
        case .events:
            if let eventID { bytes.writeString("id: \(eventID)\n") }
            bytes.writeStaticString("data: ")
        }
    }

    private mutating func end() {
        if framing == .events { bytes.writeStaticString("\n\n") }
    }

    private static func digits(_ number: UInt64) -> Int {
        var (count, bound) = (1, 10 as UInt64)
        while number >= bound, count < 19 {
            count += 1
            bound *= 10
        }
        return count
    }
}
