import TestSupport
import TradingViewProtocol

/// The packets of whole WebSocket messages.
func packets(_ messages: [UInt8]...) -> [Packet] {
    var splitter = PacketSplitter()
    return messages.flatMap { message in
        splitter.append(message)
        splitter.endMessage()
        return drained(&splitter)
    }
}

/// The packets of messages that are texts.
func packets(_ messages: String...) -> [Packet] {
    var splitter = PacketSplitter()
    return messages.flatMap { message in
        splitter.append(message.utf8)
        splitter.endMessage()
        return drained(&splitter)
    }
}

/// Everything that the splitter has ready.
func drained(_ splitter: inout PacketSplitter) -> [Packet] {
    var packets: [Packet] = []
    while let packet = splitter.next() { packets.append(packet) }
    return packets
}

/// A packet's text with the length that TradingView would declare, and an error added to it.
func framed(_ payload: String, error: Int = 0) -> String {
    "~m~\(payload.utf16.count + error)~m~\(payload)"
}

extension Packet {
    /// The payload as text, where it could be read.
    var text: String? {
        switch self {
        case .heartbeat(let bytes), .message(let bytes): String(decoding: bytes, as: UTF8.self)
        case .unreadable: nil
        }
    }

    var isUnreadable: Bool { text == nil }
}

/// The event in a JSON text.
func event(_ json: String) -> ServerEvent { ServerEventDecoder.decode(Array(json.utf8)) }

extension ServerEvent {
    var isUnreadable: Bool { if case .unreadable = self { true } else { false } }
    var isUnknown: Bool { if case .unknown = self { true } else { false } }

    /// The bars and studies, where the event has some.
    var update: ChartUpdate? {
        switch self {
        case .timescaleUpdate(let update), .dataUpdate(let update): update
        default: nil
        }
    }

    var quote: QuoteUpdate? { if case .quoteData(let quote) = self { quote } else { nil } }
}

extension Captures {
    /// The names of TradingView's recorded messages, without `.txt`.
    static func messages() throws -> [String] {
        try names(in: "tradingview", ending: ".txt").map { String($0.dropLast(4)) }
    }

    /// One message.
    static func message(_ name: String) throws -> [UInt8] { try bytes("tradingview/\(name).txt") }

    /// Whether a recording was sent by a client.
    static func isClient(_ name: String) -> Bool { name.contains("client-") }

    /// The recordings that cannot be read, on purpose.
    static let unreadable: Set = ["binary-protobuf-qsd-2019.bin", "synthetic-truncated"]
}
