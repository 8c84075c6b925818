/// Cuts WebSocket messages into packets.
public struct PacketSplitter: Sendable {
    /// The most bytes of an unreadable stretch that are reported.
    public static let longestExcerpt = 256
    /// The longest payload, in UTF-16 units and in bytes.
    public static let longestPayload = 32 << 20

    private var pending: [UInt8] = []
    private var ready: [Packet] = []

    /// A splitter at the beginning of a connection.
    public init() {}

    /// Takes the next bytes of the current WebSocket message, cut anywhere.
    public mutating func append(_ bytes: some Collection<UInt8>) { pending.append(contentsOf: bytes) }

    /// Says that the current WebSocket message is over. Packets come out of `next` only after this.
    public mutating func endMessage() {}

    /// The next packet, oldest first; `nil` when more bytes are needed.
    public mutating func next() -> Packet? { ready.isEmpty ? nil : ready.removeFirst() }
}
