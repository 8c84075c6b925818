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
