/// One walk over received bytes, packet by packet.
struct PacketScan {
    private let bytes: ArraySlice<UInt8>
    /// Whether nothing will follow that could complete a packet.
    private let isFinal: Bool
    /// The first byte that is not dealt with yet.
    private(set) var position: Int
    /// What was found.
    private(set) var packets: [Packet] = []
    private var faults = 0
    /// The most unreadable stretches that are stepped over; looking for the next head takes time, and bytes with so
    /// many faults are something else altogether.
    private static let mostFaults = 64

    init(_ bytes: ArraySlice<UInt8>, isFinal: Bool) {
        self.bytes = bytes
        self.isFinal = isFinal
        position = bytes.startIndex
    }

    /// Walks to the end, or to a packet that is not whole yet.
    mutating func run() {
        while position < bytes.endIndex {
            switch PacketHeader.read(bytes[position...]) {
            case .header(let length, let payload):
                guard readPayload(at: payload, length: length) else { return }
            case .partial:
                guard isFinal else { return }
                giveUp(to: bytes.endIndex, "the head of a packet is cut off")
            case .malformed(let reason):
                giveUp(to: PacketHeader.next(in: bytes[(position + 1)...]) ?? bytes.endIndex, reason)
            }
        }
    }

    /// Reads one payload; `false` where more bytes are needed.
    private mutating func readPayload(at start: Int, length: Int) -> Bool {
        let rest = bytes[start...]
        var isShort = false
        for unit in UTF16Length.Unit.allCases {
            switch UTF16Length.extent(of: length, in: rest, counting: unit) {
            case .end(let end):
                guard PacketHeader.delimiterBegins(in: bytes[end...]) else { continue }
                if accept(bytes[start..<end], next: end) { return true }
            case .short: isShort = isShort || unit == .utf16
            case .insideCharacter: break
            }
        }
        // The length is wrong or the payload is not whole: let the payload itself tell where it ends.
        let extent = Payload.extent(rest)
        if case .whole(let end) = extent, PacketHeader.delimiterBegins(in: bytes[end...]),
            accept(bytes[start..<end], next: end)
        {
            return true
        }
        if isShort, !isFinal, extent == .open { return false }
        // The next head may overlap this one, where this one was cut off in its length.
        let next = PacketHeader.next(in: bytes[(position + 1)...]) ?? bytes.endIndex
        if next <= start || !accept(bytes[start..<next], next: next) {
            giveUp(to: next, Payload.reason(rest, isShort: isShort))
        }
        return true
    }

    /// Takes a payload that is plausibly whole; `false` for any other.
    private mutating func accept(_ payload: ArraySlice<UInt8>, next: Int) -> Bool {
        guard let packet = Payload.packet(payload) else { return false }
        packets.append(packet)
        position = next
        return true
    }

    private mutating func giveUp(to end: Int, _ reason: String) {
        faults += 1
        let end = faults < PacketScan.mostFaults ? end : bytes.endIndex
        let excerpt = bytes[position..<end].prefix(PacketSplitter.longestExcerpt)
        packets.append(.unreadable(reason: reason, bytes: Array(excerpt)))
        position = end
    }
}
