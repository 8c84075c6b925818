import JSON
import NIOCore

/// The `id` of one subscription and the number of its next message, as they are in each message.
struct FrameLabel {
    let id: String
    /// `,"id":"a","seq":0`, with the number of the next message.
    private(set) var bytes: [UInt8]
    /// Where the digits of the number begin.
    let numberStart: Int
    /// The number of the next message.
    private(set) var number = 0
    /// The smallest number with more digits.
    private var bound = 10

    init(id: String) {
        self.id = id
        var json = JSONWriter(capacity: 32 + id.utf8.count)
        json.beginObject()
        json.field("id", id)
        bytes = [UInt8(ascii: ",")] + json.bytes.dropFirst() + Array(",\"seq\":0".utf8)
        numberStart = bytes.count - 1
    }

    /// How many messages can be numbered before the numbers get longer.
    var numbersOfThisLength: Int { bound - number }

    /// Goes on to the number of the next message.
    mutating func advance() {
        number += 1
        guard number < bound else {
            bytes.replaceSubrange(numberStart..., with: "\(number)".utf8)
            bound = bound.multipliedReportingOverflow(by: 10).overflow ? .max : bound * 10
            return
        }
        var place = bytes.count - 1
        while bytes[place] == UInt8(ascii: "9") {
            bytes[place] = UInt8(ascii: "0")
            place -= 1
        }
        bytes[place] += 1
    }
}

/// Messages that many viewers get under the same `id`. They are framed once; each viewer's numbers are written into that.
struct FrameRun {
    private struct Framed {
        /// The length of the numbers.
        let digits: Int
        var bytes: [UInt8]
        /// Where the number of each message begins.
        let places: [Int]

        /// Writes the next numbers of a label.
        mutating func number(_ label: inout FrameLabel) {
            for place in places {
                for digit in 0..<digits { bytes[place + digit] = label.bytes[label.numberStart + digit] }
                label.advance()
            }
        }
    }

    let frames: [Frame]
    private let framing: ViewerBuffer.Framing
    /// One for each length of numbers that occurred.
    private var framed: [Framed] = []

    init(_ frames: [Frame], _ framing: ViewerBuffer.Framing) {
        self.frames = frames
        self.framing = framing
    }

    /// The messages with the next numbers of a label.
    /// - Precondition: All these numbers have the same length.
    fileprivate mutating func framed(under label: inout FrameLabel) -> [UInt8] {
        let digits = label.bytes.count - label.numberStart
        let index = framed.firstIndex { $0.digits == digits } ?? frame(label, digits: digits)
        framed[index].number(&label)
        return framed[index].bytes
    }

    private mutating func frame(_ label: FrameLabel, digits: Int) -> Int {
        var buffer = ViewerBuffer(framing)
        let places = frames.map { buffer.append($0, label) }
        framed.append(Framed(digits: digits, bytes: Array(buffer: buffer.take()), places: places))
        return framed.count - 1
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

    let framing: Framing
    private var bytes = ByteBuffer()

    init(_ framing: Framing) { self.framing = framing }

    /// The number of bytes that wait.
    var count: Int { bytes.readableBytes }

    /// Appends a message of a subscription.
    mutating func append(_ frame: Frame, _ label: inout FrameLabel) {
        append(frame, label)
        label.advance()
    }

    /// Appends messages that other viewers get too.
    mutating func append(_ run: inout FrameRun, _ label: inout FrameLabel) {
        if label.numbersOfThisLength >= run.frames.count {
            bytes.writeBytes(run.framed(under: &label))
        } else {
            for frame in run.frames { append(frame, &label) }
        }
    }

    /// - Returns: Where the number begins.
    @discardableResult
    fileprivate mutating func append(_ frame: Frame, _ label: FrameLabel) -> Int {
        begin(frame.bytes.count + label.bytes.count, eventID: frame.eventID)
        let place = count + frame.split + label.numberStart
        bytes.writeBytes(frame.bytes[..<frame.split])
        bytes.writeBytes(label.bytes)
        bytes.writeBytes(frame.bytes[frame.split...])
        end()
        return place
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
}
