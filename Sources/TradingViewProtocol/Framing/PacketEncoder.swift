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
