import JSON
import TradingViewProtocol

/// One recorded history: the answer to a history request, and those to the requests for more that followed it.
struct RecordedHistory: Equatable, Sendable {
    /// At least one.
    let answers: [RecordedAnswer]
    /// What the recorded symbol calls itself.
    let symbols: Set<String>

    /// Cuts the messages after each one that completes a series; what follows the last goes with it.
    init(messages: [[UInt8]]) {
        var answers: [[[UInt8]]] = [[]]
        var isComplete = false
        for message in messages {
            let names = RecordedHistory.methods(of: message)
            if isComplete, names.contains(where: RecordedHistory.beginnings.contains) {
                answers.append([])
                isComplete = false
            }
            answers[answers.count - 1].append(message)
            isComplete = isComplete || names.contains("series_completed")
        }
        self.answers = answers.map(RecordedAnswer.init(messages:))
        symbols = Set(messages.flatMap(RecordedHistory.symbols))
    }

    /// What a further answer begins with; live updates do not.
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
