/// One `~m~LEN~m~PAYLOAD` packet, or what could not be read as one.
public enum Packet: Hashable, Sendable {
    /// A heartbeat's payload, such as `~h~12`, to be sent back byte for byte (`PacketEncoder.encode`).
    case heartbeat([UInt8])
    /// A payload that should be JSON.
    case message([UInt8])
    /// Bytes that belong to no readable packet: why, and at most `PacketSplitter.longestExcerpt` of them.
    case unreadable(reason: String, bytes: [UInt8])
}

/// Puts payloads into packets.
public enum PacketEncoder {
    /// `~m~LEN~m~` and the payload; LEN counts UTF-16 units, as TradingView's own page does.
    public static func encode(_ payload: [UInt8]) -> [UInt8] {
        let units = payload.reduce(into: 0) { count, byte in count += UTF16Length.units(ofLead: byte) }
        var packet: [UInt8] = []
        packet.reserveCapacity(payload.count + 16)
        packet.append(contentsOf: "~m~\(units)~m~".utf8)
        packet.append(contentsOf: payload)
        return packet
    }

    /// The packet of a text.
    public static func encode(_ payload: String) -> [UInt8] { encode(Array(payload.utf8)) }
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

    /// Whether `~m~` begins at a position, as far as there are bytes to tell.
    static func delimiterBegins(in bytes: ArraySlice<UInt8>) -> Bool {
        zip(bytes, [tilde, letter, tilde]).allSatisfy(==)
    }

    /// Reads the head at the beginning of the bytes.
    static func read(_ bytes: ArraySlice<UInt8>) -> PacketHeader {
        guard delimiterBegins(in: bytes) else { return .malformed("text before the head of a packet") }
        guard bytes.count > 3 else { return .partial }
        let digits = bytes.dropFirst(3).prefix { (48...57).contains($0) }
        let after = bytes[digits.endIndex...]
        guard !digits.isEmpty || after.isEmpty else { return .malformed("the length of a packet is not a number") }
        guard digits.count <= mostDigits else { return tooLong }
        guard delimiterBegins(in: after) else { return .malformed("the length of a packet is not a number") }
        guard after.count >= 3 else { return .partial }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        guard length <= PacketSplitter.longestPayload else { return tooLong }
        return .header(length: length, payload: after.startIndex + 3)
    }

    private static let tooLong = PacketHeader.malformed("the declared length of a packet is beyond 32 MiB")

    /// Where the next good head begins; `nil` where there is none.
    static func next(in bytes: ArraySlice<UInt8>) -> Int? {
        var rest = bytes
        while let position = rest.firstIndex(of: tilde) {
            rest = rest[position...]
            if case .header = read(rest) { return position }
            rest = rest.dropFirst()
        }
        return nil
    }
}
