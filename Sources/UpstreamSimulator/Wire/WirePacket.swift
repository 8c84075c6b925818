/// One packet on its way to the client: `~m~` LEN `~m~` payload, LEN in UTF-16 units of the payload.
struct WirePacket: Equatable, Sendable {
    var payload: [UInt8]
    /// What LEN declares beyond the truth; anything but 0 is a fault.
    var lengthError = 0

    init(_ payload: [UInt8]) { self.payload = payload }

    /// A message `{"m":name,"p":[...]}`, with the moment beside it where upstream puts one.
    init(_ name: String, _ parameters: [JSONText], stampMilliseconds: Int64? = nil) {
        var members: [(String, JSONText)] = [("m", .string(name)), ("p", .list(parameters))]
        if let stampMilliseconds {
            members += [("t", .int(stampMilliseconds / 1000)), ("t_ms", .int(stampMilliseconds))]
        }
        self.init(JSONText.object(members).bytes)
    }

    static func heartbeat(_ number: Int) -> WirePacket { WirePacket(Array("~h~\(number)".utf8)) }

    var framed: [UInt8] {
        Array("~m~\(WirePacket.utf16Length(payload) + lengthError)~m~".utf8) + payload
    }

    /// The length in UTF-16 units of UTF-8 text.
    static func utf16Length(_ text: some Collection<UInt8>) -> Int {
        // Every byte that begins a character is one unit, and a lead byte of four (an astral character) is two.
        text.reduce(0) { count, byte in
            byte & 0xC0 == 0x80 ? count : count + (byte >= 0xF0 ? 2 : 1)
        }
    }
}

extension Sequence<WirePacket> {
    /// The packets glued together, as one WebSocket message carries them.
    var glued: [UInt8] { flatMap(\.framed) }
}
