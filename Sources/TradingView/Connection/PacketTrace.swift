import TradingViewProtocol

/// The trail of packets for a person who looks for a fault: what was said, without secrets, shortened.
enum PacketTrace {
    private static let longest = 400

    /// A packet that we sent. A token is never shown.
    static func sent(_ packet: [UInt8]) -> String {
        let text = String(decoding: packet, as: UTF8.self)
        return "-> " + (text.contains("\"set_auth_token\"") ? "set_auth_token <secret>" : shortened(text))
    }

    /// A payload that came.
    static func received(_ payload: [UInt8]) -> String {
        "<- " + shortened(String(decoding: payload.prefix(longest * 2), as: UTF8.self), of: payload.count)
    }

    private static func shortened(_ text: String, of count: Int? = nil) -> String {
        let isShort = text.count <= longest && (count ?? 0) <= longest * 2
        return isShort ? text : "\(text.prefix(longest)) ... (\(count ?? text.utf8.count) bytes)"
    }
}
