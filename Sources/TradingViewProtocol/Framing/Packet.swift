/// One `~m~LEN~m~PAYLOAD` packet, or what could not be read as one.
public enum Packet: Hashable, Sendable {
    /// A heartbeat's payload, such as `~h~12`, to be sent back byte for byte (`PacketEncoder.encode`).
    case heartbeat([UInt8])
    /// A payload that should be JSON.
    case message([UInt8])
    /// Bytes that belong to no readable packet: why, and at most `PacketSplitter.longestExcerpt` of them.
    case unreadable(reason: String, bytes: [UInt8])

    /// A packet with its own bytes.
    public init(_ view: PacketView) {
        switch view {
        case .heartbeat(let payload): self = .heartbeat(Array(payload))
        case .message(let payload): self = .message(Array(payload))
        case .unreadable(let reason, let bytes): self = .unreadable(reason: reason, bytes: Array(bytes))
        }
    }
}

/// A packet whose bytes are those of its WebSocket message; nothing is copied.
public enum PacketView: Hashable, Sendable {
    /// See `Packet.heartbeat`.
    case heartbeat(ArraySlice<UInt8>)
    /// See `Packet.message`.
    case message(ArraySlice<UInt8>)
    /// See `Packet.unreadable`.
    case unreadable(reason: String, bytes: ArraySlice<UInt8>)
}

/// Puts payloads into packets.
public enum PacketEncoder {
    /// `~m~LEN~m~` and the payload; LEN counts UTF-16 units, as TradingView's own page does.
    public static func encode(_ payload: some Collection<UInt8>) -> [UInt8] {
        let units = payload.reduce(into: 0) { count, byte in count += UTF16Length.units(ofLead: byte) }
        var packet: [UInt8] = []
        packet.reserveCapacity(payload.count + 16)
        packet.append(contentsOf: "~m~\(units)~m~".utf8)
        packet.append(contentsOf: payload)
        return packet
    }

    /// The packet of a text.
    public static func encode(_ payload: String) -> [UInt8] { encode(payload.utf8) }
}

/// The head of a packet, `~m~LEN~m~`.
enum PacketHeader: Equatable {
    /// A good head: the declared length and where the payload begins.
    case header(length: Int, payload: Int)
    /// The bytes end inside what may become a head.
    case partial
    /// No head, and why.
    case malformed(String)

    private static let tilde = UInt8(ascii: "~")
    private static let letter = UInt8(ascii: "m")
    private static let mostDigits = 9

    /// Whether the bytes at a position are `~m~`, or a prefix of it at the end of the input.
    @inline(__always)
    static func delimiterBegins(in bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        let rest = bytes.count - position
        return (rest < 1 || bytes[position] == tilde) && (rest < 2 || bytes[position + 1] == letter)
            && (rest < 3 || bytes[position + 2] == tilde)
    }

    /// Reads the head that begins at a position.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> PacketHeader {
        guard delimiterBegins(in: bytes, at: start) else { return .malformed("text before the head of a packet") }
        guard bytes.count - start > 3 else { return .partial }
        var end = start + 3
        var length = 0
        while end < bytes.count, bytes[end] &- 48 <= 9 {
            length = length &* 10 &+ Int(bytes[end] &- 48)
            end += 1
        }
        let digits = end - start - 3
        guard digits > 0 || end == bytes.count else { return .malformed("the length of a packet is not a number") }
        guard digits <= mostDigits else { return tooLong }
        guard delimiterBegins(in: bytes, at: end) else { return .malformed("the length of a packet is not a number") }
        guard bytes.count - end >= 3 else { return .partial }
        guard length <= PacketSplitter.longestPayload else { return tooLong }
        return .header(length: length, payload: end + 3)
    }

    private static let tooLong = PacketHeader.malformed("the declared length of a packet is beyond 32 MiB")

    /// Where the next good head begins, from a position on; the end where there is none.
    static func next(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        for position in start..<max(start, bytes.count) where bytes[position] == tilde {
            if case .header = read(bytes, at: position) { return position }
        }
        return bytes.count
    }
}
