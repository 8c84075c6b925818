import TradingViewProtocol

/// What came over the wire, as far as sessions care.
enum Arrival: Sendable {
    case event(ServerEvent)
    /// Bytes that nobody can read; they may have held bars or quotes.
    case unreadable(String)

    /// The least that a packet with one bar takes: its method, session, series, index and figures.
    private static let smallestBarPacket = 100

    /// Bytes outside any packet. A few of them without a trace of JSON cannot have held a bar.
    init?(stray bytes: [UInt8], reason: String) {
        if bytes.count < Arrival.smallestBarPacket, !bytes.contains(UInt8(ascii: "{")) { return nil }
        self = .unreadable(reason)
    }

    /// A packet's payload.
    init(payload: [UInt8]) {
        switch ServerEventDecoder.decode(payload) {
        case .unreadable(let reason, _): self = .unreadable(reason)
        case let event: self = .event(event)
        }
    }
}
