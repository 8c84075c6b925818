import TradingViewProtocol

/// What came over the wire, as far as sessions care.
enum Arrival: Hashable, Sendable {
    case event(ServerEvent)
    /// Bytes that nobody can read; they may have held bars or quotes, of the session that they name where they name one.
    case unreadable(String, of: SessionID? = nil)

    /// The least that a packet with one bar takes: its method, session, series, index and figures.
    private static let smallestBarPacket = 100

    /// The messages without which an answer may lack something, or never come.
    private static let vital: Set = [
        "timescale_update", "du", "clear_data", "symbol_resolved", "symbol_error", "series_completed", "series_error",
        "series_deleted", "qsd", "quote_completed", "critical_error", "protocol_error",
    ]

    /// Bytes outside any packet. A few of them without a trace of JSON cannot have held a bar.
    init?(stray bytes: [UInt8], reason: String) {
        if bytes.count < Arrival.smallestBarPacket, !bytes.contains(UInt8(ascii: "{")) { return nil }
        self = .unreadable(reason)
    }

    /// A packet's payload.
    init(payload: [UInt8]) {
        let event = ServerEventDecoder.decode(payload)
        guard case .unreadable(let reason, _) = event else {
            self = .event(event)
            return
        }
        let subject = MessageSubject(payload)
        if let method = subject?.method, !Arrival.vital.contains(method) {
            self = .event(.unknown(method: method, payload: []))
        } else {
            self = .unreadable(reason, of: subject?.session)
        }
    }
}
