import JSON
import TradingViewProtocol

/// The names that a client chose for its session, its series, the series' turnaround and the symbol.
struct RecordedNames: Equatable, Sendable {
    var session: String?
    var series: String?
    var turnaround: String?
    var symbol: String?

    /// Takes the names out of a message of the server.
    mutating func learn(from message: ReceivedCall) {
        session = session ?? message.text(at: 0)
        switch message.name {
        case "series_loading", "series_error", "series_timeframe":
            series = series ?? message.text(at: 1)
            turnaround = turnaround ?? message.text(at: 2)
        case "series_completed":
            series = series ?? message.text(at: 1)
            turnaround = turnaround ?? message.text(at: 3)
        case "symbol_resolved", "symbol_error":
            symbol = symbol ?? message.text(at: 1)
        case "timescale_update", "du":
            guard message.parameters.count > 1, let blocks = message.parameters[1].object else { return }
            let block = blocks.first { $0.value["s"] != nil }
            series = series ?? block?.key
            turnaround = turnaround ?? block?.value["t"]?.string
        default: break
        }
    }
}

/// Puts one client's names in the place of another's, and touches no other byte.
struct RecordedRenaming {
    private let recorded: RecordedNames
    private let wanted: RecordedNames

    init(_ recorded: RecordedNames, _ wanted: RecordedNames) {
        self.recorded = recorded
        self.wanted = wanted
    }

    /// A payload with the names replaced wherever they are whole JSON strings.
    func apply(to payload: [UInt8]) -> [UInt8] {
        guard let name = ClientCallDecoder.decode(payload)?.name else { return payload }
        var made: [UInt8] = []
        made.reserveCapacity(payload.count + 64)
        var seenInList = 0
        var index = 0
        while index < payload.count {
            guard payload[index] == UInt8(ascii: "\""), let end = closingQuote(of: index, in: payload) else {
                made.append(payload[index])
                index += 1
                continue
            }
            let text = String(decoding: payload[(index + 1)..<end], as: UTF8.self)
            let place = Place(
                isKey: end + 1 < payload.count && payload[end + 1] == UInt8(ascii: ":"),
                isTurnaround: payload[..<index].suffix(4).elementsEqual("\"t\":".utf8),
                seenInList: seenInList
            )
            if let replacement = replacement(for: text, of: name, at: place) {
                if !place.isKey, text == recorded.series { seenInList += 1 }
                JSONText.string(replacement).append(to: &made)
            } else {
                made.append(contentsOf: payload[index...end])
            }
            index = end + 1
        }
        return made
    }

    private struct Place {
        let isKey: Bool
        let isTurnaround: Bool
        /// How often the series' name was in the message before, not as a key.
        let seenInList: Int
    }

    private func replacement(for text: String, of message: String, at place: Place) -> String? {
        if text == recorded.session { return wanted.session }
        if message == "symbol_resolved" || message == "symbol_error" {
            return text == recorded.symbol && !place.isKey && place.seenInList == 0 ? wanted.symbol : nil
        }
        // One client calls the series and its turnaround by one name: then the place decides.
        let isSeries = text == recorded.series && !place.isTurnaround && (place.isKey || place.seenInList == 0)
        if isSeries { return wanted.series }
        return text == recorded.turnaround && !place.isKey ? wanted.turnaround : nil
    }

    private func closingQuote(of opening: Int, in payload: [UInt8]) -> Int? {
        var index = opening + 1
        while index < payload.count {
            if payload[index] == UInt8(ascii: "\\") {
                index += 2
            } else if payload[index] == UInt8(ascii: "\"") {
                return index
            } else {
                index += 1
            }
        }
        return nil
    }
}
