import TradingViewProtocol

/// The recorded answer to one request for bars, or for more of them: up to and with `series_completed`.
///
/// It is sent as it stands, byte for byte, but for the names that another client had chosen: its session, series,
/// turnaround and symbol id become those of the client that asks now, and the packets' LEN follows. A client that looks
/// at whose answer it gets could not take it otherwise.
struct RecordedAnswer: Equatable, Sendable {
    let messages: [[UInt8]]
    /// The names in the recorded answer.
    let names: RecordedNames

    init(messages: [[UInt8]]) {
        self.messages = messages
        var names = RecordedNames()
        for message in messages {
            for case .message(let payload) in PacketSplitter.packets(of: message) {
                if let event = ClientCallDecoder.decode(payload) { names.learn(from: event) }
            }
        }
        self.names = names
    }

    /// The messages for a client that chose these names.
    func messages(for wanted: RecordedNames) -> [[UInt8]] {
        messages.map { message in
            var bytes: [UInt8] = []
            for packet in PacketSplitter.packets(of: message) {
                switch packet {
                case .heartbeat(let payload): bytes += PacketEncoder.encode(payload)
                case .message(let payload):
                    bytes += PacketEncoder.encode(RecordedRenaming(names, wanted).apply(to: payload))
                case .unreadable: return message
                }
            }
            return bytes
        }
    }

    /// The payload that tells of the symbol.
    func symbolPayload(for wanted: RecordedNames) -> [UInt8]? {
        for message in messages {
            for case .message(let payload) in PacketSplitter.packets(of: message)
            where ClientCallDecoder.decode(payload)?.name == "symbol_resolved" {
                return RecordedRenaming(names, wanted).apply(to: payload)
            }
        }
        return nil
    }
}
