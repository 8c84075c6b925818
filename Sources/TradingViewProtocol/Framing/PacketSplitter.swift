/// Splits WebSocket messages into packets. On invalid input it never crashes, never grows without bound, and
/// never hands out as a message what is not plausibly a whole one.
///
/// A declared length is tried as UTF-16 units (TradingView's own count), then as code points, then as bytes; where none
/// fits, the payload's own brackets and the next `~m~LEN~m~` decide.
public struct PacketSplitter: Sendable {
    /// The most bytes of an unreadable stretch that are reported.
    public static let longestExcerpt = 256
    /// The longest payload in UTF-16 units; little more than as many bytes are held: 32 MiB.
    public static let longestPayload = 32 << 20
    /// The most WebSocket messages that one packet may span.
    static let mostMessages = 256
    /// The most places for packets that are kept from one message to the next.
    private static let mostKept = 1024

    private var buffer: [UInt8] = []
    /// How many bytes at the beginning of the buffer came in earlier messages: a packet that is not whole yet.
    private var held = 0
    /// How many messages those bytes came in.
    private var heldMessages = 0
    /// Whether the rest of the current message is dropped, since it has grown beyond all bounds.
    private var isDropping = false
    private var packets: [PacketView] = []
    private var delivered = 0

    /// A splitter at the beginning of a connection.
    public init() {}

    /// Takes the next bytes of the current WebSocket message, cut anywhere.
    public mutating func append(_ bytes: some Collection<UInt8>) {
        if isDropping { return }
        guard buffer.count + bytes.count <= PacketSplitter.longestPayload + PacketSplitter.longestExcerpt else {
            var excerpt = Array(buffer.prefix(PacketSplitter.longestExcerpt))
            excerpt.append(contentsOf: bytes.prefix(PacketSplitter.longestExcerpt - excerpt.count))
            packets.append(
                .unreadable(reason: "a packet or WebSocket message is longer than 32 MiB", bytes: excerpt[...]))
            buffer = []
            held = 0
            isDropping = true
            return
        }
        buffer.append(contentsOf: bytes)
    }

    /// The same; bytes that are a whole message are not copied.
    public mutating func append(_ bytes: [UInt8]) {
        if buffer.isEmpty, !isDropping, bytes.count <= PacketSplitter.longestPayload {
            buffer = bytes
        } else {
            append(bytes[...])
        }
    }

    /// Says that the current WebSocket message is over. Packets come out of `next` only after this.
    public mutating func endMessage() {
        isDropping = false
        // A packet goes on in the next message, unless that begins with a head: then it was truncated.
        if held > 0, beginsWithHead(at: held) {
            scan(upTo: held, isFinal: true)
            heldMessages = 0
        }
        scan(upTo: buffer.count, isFinal: heldMessages >= PacketSplitter.mostMessages)
        heldMessages = buffer.isEmpty ? 0 : heldMessages + 1
        held = buffer.count
    }

    /// The next packet, oldest first; `nil` when more bytes are needed.
    public mutating func next() -> Packet? { nextView().map(Packet.init) }

    /// The same as `next`, without a copy: as long as the view is held, so is the whole WebSocket message.
    public mutating func nextView() -> PacketView? {
        guard delivered < packets.count else { return nil }
        // Most messages are one packet.
        if packets.count == 1 { return packets.removeLast() }
        let packet = packets[delivered]
        delivered += 1
        if delivered == packets.count {
            packets.removeAll(keepingCapacity: packets.count <= PacketSplitter.mostKept)
            delivered = 0
        }
        return packet
    }

    private func beginsWithHead(at position: Int) -> Bool {
        buffer.withUnsafeBufferPointer { bytes in
            if case .header = PacketHeader.read(bytes, at: position) { true } else { false }
        }
    }

    /// Splits the beginning of the buffer and keeps what is left.
    private mutating func scan(upTo end: Int, isFinal: Bool) {
        guard !buffer.isEmpty else { return }
        let message = buffer
        let position = message.withUnsafeBufferPointer { bytes in
            var scan = PacketScan(UnsafeBufferPointer(rebasing: bytes[..<end]), isFinal: isFinal)
            while let found = scan.next() {
                switch found {
                case .heartbeat(let range): packets.append(.heartbeat(message[range]))
                case .message(let range): packets.append(.message(message[range]))
                case .unreadable(let reason, let range):
                    packets.append(.unreadable(reason: reason, bytes: message[range]))
                }
            }
            return scan.position
        }
        buffer = position == message.count ? [] : Array(message[position...])
    }
}
