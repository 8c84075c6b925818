import JSON
import MarketData
import TradingViewProtocol

/// The recorded response to one request for bars, or for more of them: up to and with `series_completed`.
///
/// It is sent byte for byte, except for the names chosen by the recorded client: its session, series,
/// turnaround and symbol id become those of the current client, and LEN is adjusted. Clients that match responses
/// to their own names need this.
struct RecordedResponse: Equatable, Sendable {
    let messages: [[UInt8]]
    /// The names in the recorded response.
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

    /// The payload that reports the symbol.
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

/// One recorded history: the response to a history request, and those to the requests for more that followed it.
struct RecordedHistory: Equatable, Sendable {
    /// At least one.
    let responses: [RecordedResponse]
    /// What the recorded symbol calls itself.
    let symbols: Set<String>

    /// Cuts the messages after each one that completes a series; what follows the last goes with it.
    init(messages: [[UInt8]]) {
        var responses: [[[UInt8]]] = [[]]
        var isComplete = false
        for message in messages {
            let names = RecordedHistory.methods(of: message)
            if isComplete, names.contains(where: RecordedHistory.beginnings.contains) {
                responses.append([])
                isComplete = false
            }
            responses[responses.count - 1].append(message)
            isComplete = isComplete || names.contains("series_completed")
        }
        self.responses = responses.map(RecordedResponse.init(messages:))
        symbols = Set(messages.flatMap(RecordedHistory.symbols))
    }

    /// What a further response begins with; live updates do not.
    private static let beginnings: Set<String> = ["series_loading", "timescale_update", "series_completed"]

    private static func symbols(of message: [UInt8]) -> [String] {
        PacketSplitter.packets(of: message).flatMap { packet -> [String] in
            guard case .message(let payload) = packet, let call = ClientCallDecoder.decode(payload),
                call.name == "symbol_resolved", call.parameters.count > 2
            else { return [] }
            let names = ["full_name", "pro_name"].compactMap { call.parameters[2][$0]?.string }
            return names + (call.parameters[2]["base_name"]?.array?.compactMap(\.string) ?? [])
        }
    }

    private static func methods(of message: [UInt8]) -> [String] {
        PacketSplitter.packets(of: message).compactMap { packet in
            guard case .message(let payload) = packet else { return nil }
            return ClientCallDecoder.decode(payload)?.name
        }
    }
}

/// A recorded history that a series was given, and what of it is left.
struct PlayedHistory: Sendable {
    var names: RecordedNames
    var rest: [RecordedResponse]
}

/// A symbol that was requested while a recording plays.
struct AwaitedRecordedSymbol: Sendable {
    /// The client's name for it.
    let name: String
    /// The requested symbol, such as `NASDAQ:AAPL`.
    let symbol: String
    let since: Timestamp
}
