/// Reads the server's payloads.
public enum ServerEventDecoder {
    /// The most bytes of an unknown message that are kept.
    public static let longestPayloadKept = 4096

    /// The event in a payload. Whatever the bytes are, this returns: what cannot be read is `.unreadable`.
    public static func decode(_ payload: [UInt8]) -> ServerEvent {
        .unreadable(reason: "not yet written", excerpt: "")
    }
}
