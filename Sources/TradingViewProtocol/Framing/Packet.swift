/// One `~m~LEN~m~PAYLOAD` packet, or what could not be read as one.
public enum Packet: Hashable, Sendable {
    /// A heartbeat's payload, such as `~h~12`, to be sent back byte for byte (`PacketEncoder.encode`).
    case heartbeat([UInt8])
    /// A payload that should be JSON.
    case message([UInt8])
    /// Bytes that belong to no readable packet: why, and at most `PacketSplitter.longestExcerpt` of them.
    case unreadable(reason: String, bytes: [UInt8])
}
