/// What stands in a packet: JSON, JSON after an old `~j~`, or a heartbeat `~h~N`.
enum Payload {
    private static let heartbeatMark = Array("~h~".utf8)
    private static let jsonMark = Array("~j~".utf8)
    private static let mostDigits = 20

    /// The packet that a whole payload makes; `nil` where it does not look like one.
    static func packet(_ payload: ArraySlice<UInt8>) -> Packet? {
        if payload.starts(with: heartbeatMark) {
            let digits = payload.dropFirst(3)
            guard (1...mostDigits).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            return .heartbeat(Array(payload))
        }
        let json = payload.starts(with: jsonMark) ? payload.dropFirst(3) : payload
        switch (json.first, json.last) {
        case (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: "["), UInt8(ascii: "]")):
            return .message(Array(json))
        default: return nil
        }
    }

    /// How far the payload that begins here reaches, by its own content and not by its declared length.
    static func extent(_ bytes: ArraySlice<UInt8>) -> JSONExtent {
        if bytes.starts(with: heartbeatMark) {
            let end = bytes.dropFirst(3).prefix { (48...57).contains($0) }.endIndex
            return end == bytes.endIndex ? .open : .whole(end: end)
        }
        let json = bytes.starts(with: jsonMark) ? bytes.dropFirst(3) : bytes
        switch json.first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return JSONExtent.measure(json)
        case nil: return .open
        default: return isBeginningOfMark(json) ? .open : .broken
        }
    }

    /// Why the bytes after a good head make no packet.
    static func reason(_ bytes: ArraySlice<UInt8>, isShort: Bool) -> String {
        switch extent(bytes) {
        case .open where isShort: "a packet is cut off"
        case .open, .whole: "the declared length of a packet does not fit its payload"
        case .broken: "the payload of a packet is neither JSON nor a heartbeat"
        }
    }

    private static func isBeginningOfMark(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count < 3 && (heartbeatMark.starts(with: bytes) || jsonMark.starts(with: bytes))
    }
}

/// How far a JSON object or list reaches, by its brackets and strings alone.
enum JSONExtent: Equatable {
    /// The position after the closing bracket.
    case whole(end: Int)
    /// The bytes end inside it.
    case open
    /// It holds a `~` outside a string, which JSON cannot.
    case broken

    /// Measures the object or list that begins with the first byte.
    static func measure(_ bytes: ArraySlice<UInt8>) -> JSONExtent {
        bytes.withUnsafeBufferPointer { buffer in
            var depth = 0
            var position = 0
            while position < buffer.count {
                switch buffer[position] {
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return .whole(end: bytes.startIndex + position + 1) }
                case UInt8(ascii: "\""):
                    position += 1
                    while position < buffer.count, buffer[position] != UInt8(ascii: "\"") {
                        position += buffer[position] == UInt8(ascii: "\\") ? 2 : 1
                    }
                case UInt8(ascii: "~"): return .broken
                default: break
                }
                position += 1
            }
            return .open
        }
    }
}
