/// One walk over received bytes, packet by packet.
struct PacketScan {
    /// A find, with its place.
    enum Found {
        case heartbeat(Range<Int>)
        case message(Range<Int>)
        case unreadable(reason: String, Range<Int>)
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    /// Whether nothing will follow that could complete a packet.
    private let isFinal: Bool
    /// The first byte that is not dealt with yet.
    private(set) var position = 0
    private var faults = 0
    /// The most unreadable stretches that are stepped over; looking for the next head takes time, and bytes with that
    /// many faults are something else.
    private static let mostFaults = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>, isFinal: Bool) {
        self.bytes = bytes
        self.isFinal = isFinal
    }

    /// Finds the next packet; `nil` at the end, or where a packet is not whole yet.
    mutating func next() -> Found? {
        guard position < bytes.count else { return nil }
        switch PacketHeader.read(bytes, at: position) {
        case .header(let length, let payload): return readPayload(at: payload, length: length)
        case .partial: return isFinal ? giveUp(to: bytes.count, "the head of a packet is cut off") : nil
        case .malformed(let reason): return giveUp(to: PacketHeader.next(in: bytes, from: position + 1), reason)
        }
    }

    /// Reads one payload; `nil` where more bytes are needed.
    private mutating func readPayload(at start: Int, length: Int) -> Found? {
        var isShort = false
        for unit in UTF16Length.Unit.allCases {
            switch UTF16Length.extent(of: length, in: bytes, from: start, counting: unit) {
            case .end(let end):
                guard PacketHeader.delimiterBegins(in: bytes, at: end) else { continue }
                if let packet = accept(start..<end, next: end) { return packet }
            case .short: isShort = isShort || unit == .utf16
            case .insideCharacter: break
            }
        }
        // The length is wrong or the payload is not whole: its own content shows where it ends.
        let extent = Payload.extent(bytes, from: start)
        if case .whole(let end) = extent, PacketHeader.delimiterBegins(in: bytes, at: end),
            let packet = accept(start..<end, next: end)
        {
            return packet
        }
        if isShort, !isFinal, extent == .open { return nil }
        // The next head may overlap this one, where this one was cut off in its length.
        let next = PacketHeader.next(in: bytes, from: position + 1)
        if next > start, let packet = accept(start..<next, next: next) { return packet }
        return giveUp(to: next, Payload.reason(bytes, from: start, isShort: isShort))
    }

    /// Takes a payload that is plausibly whole; `nil` for any other.
    @inline(__always)
    private mutating func accept(_ payload: Range<Int>, next: Int) -> Found? {
        switch Payload.kind(bytes, in: payload) {
        case .heartbeat:
            position = next
            return .heartbeat(payload)
        case .json(let start):
            position = next
            return .message(start..<payload.upperBound)
        case nil: return nil
        }
    }

    private mutating func giveUp(to end: Int, _ reason: String) -> Found {
        faults += 1
        let end = faults < PacketScan.mostFaults ? end : bytes.count
        let excerpt = position..<min(end, position + PacketSplitter.longestExcerpt)
        position = end
        return .unreadable(reason: reason, excerpt)
    }
}
