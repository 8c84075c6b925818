/// The content of a packet: JSON, JSON after an old `~j~`, or a heartbeat `~h~N`.
enum Payload {
    /// What a whole payload is.
    enum Kind: Equatable {
        case heartbeat
        /// JSON that begins at this position.
        case json(start: Int)
    }

    private static let mostDigits = 20

    /// What the whole payload in a range is; `nil` where it looks like neither.
    static func kind(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Kind? {
        var start = range.lowerBound
        if hasMark(UInt8(ascii: "h"), bytes, in: range) {
            let digits = range.dropFirst(3)
            return (1...mostDigits).contains(digits.count) && digits.allSatisfy { isDigit(bytes[$0]) }
                ? .heartbeat : nil
        }
        if hasMark(UInt8(ascii: "j"), bytes, in: range) { start += 3 }
        guard range.upperBound - start >= 1 else { return nil }
        switch (bytes[start], bytes[range.upperBound - 1]) {
        case (UInt8(ascii: "{"), UInt8(ascii: "}")), (UInt8(ascii: "["), UInt8(ascii: "]")): return .json(start: start)
        default: return nil
        }
    }

    /// How far the payload that begins here reaches, by its own content and not by its declared length.
    static func extent(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> JSONExtent {
        let range = start..<max(start, bytes.count)
        if hasMark(UInt8(ascii: "h"), bytes, in: range) {
            let end = range.dropFirst(3).first { !isDigit(bytes[$0]) }
            return end.map { .whole(end: $0) } ?? .open
        }
        let json = hasMark(UInt8(ascii: "j"), bytes, in: range) ? start + 3 : start
        guard json < bytes.count else { return .open }
        switch bytes[json] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): return JSONExtent.measure(bytes, from: json)
        default: return isBeginningOfMark(bytes, from: json) ? .open : .broken
        }
    }

    /// Why the bytes after a good head make no packet.
    static func reason(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isShort: Bool) -> String {
        switch extent(bytes, from: start) {
        case .open where isShort: "a packet is cut off"
        case .open, .whole: "the declared length of a packet does not fit its payload"
        case .broken: "the payload of a packet is neither JSON nor a heartbeat"
        }
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 <= 9 }

    @inline(__always)
    private static func hasMark(_ letter: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Bool {
        let start = range.lowerBound
        return range.count >= 3 && bytes[start] == UInt8(ascii: "~") && bytes[start + 1] == letter
            && bytes[start + 2] == UInt8(ascii: "~")
    }

    private static func isBeginningOfMark(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        guard bytes.count - start < 3, bytes[start] == UInt8(ascii: "~") else { return false }
        return bytes.count - start == 1 || [UInt8(ascii: "h"), UInt8(ascii: "j")].contains(bytes[start + 1])
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

    /// Measures the object or list that begins at a position.
    static func measure(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> JSONExtent {
        var depth = 0
        var position = start
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return .whole(end: position + 1) }
            case UInt8(ascii: "\""):
                position += 1
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
            case UInt8(ascii: "~"): return .broken
            default: break
            }
            position += 1
        }
        return .open
    }
}
