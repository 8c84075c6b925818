import JSON
import MarketData
import TradingViewProtocol

/// What is known of one instrument's quote: the patches that came, merged.
///
/// Null clears a field; 1e+100 stands for "unknown" and clears it too.
struct QuoteRecord: Sendable {
    private var figures: [String: Double] = [:]
    private var texts: [String: String] = [:]
    private var receivedAt: Timestamp?
    /// Whether the first snapshot is whole.
    var isCompleted: Bool

    init(isCompleted: Bool = false) { self.isCompleted = isCompleted }

    /// The fields that are asked for; without a list TradingView sends everything, 13 kB for one index.
    static let fields = [
        "lp", "lp_time", "bid", "ask", "open_price", "high_price", "low_price", "prev_close_price", "ch", "chp",
        "volume", "open_interest", "current_session", "update_mode", "original_name", "pro_name", "type",
        "currency_code", "description",
    ]

    private static let unknown = 1e+100

    mutating func merge(_ patch: [String: JSONValue], at now: Timestamp) {
        receivedAt = now
        for (field, value) in patch {
            switch value {
            case .string(let text):
                texts[field] = text
                figures[field] = QuoteRecord.known(JSONValue(parsing: Array(text.utf8))?.double)
            case .integer, .number: figures[field] = QuoteRecord.known(value.double)
            // What is no figure and no text leaves nothing that is known.
            case .null, .bool, .array, .object: (texts[field], figures[field]) = (nil, nil)
            }
        }
    }

    private static func known(_ number: Double?) -> Double? {
        number.flatMap { abs($0) < QuoteRecord.unknown ? $0 : nil }
    }

    /// Whether there is something honest to show: a price and how late it is, or all that the server has.
    var isPresentable: Bool { isCompleted || (figures["lp"] != nil && texts["update_mode"] != nil) }

    /// Whether the market that the figures are from is shut.
    var isAtRest: Bool { ["out_of_session", "holiday"].contains(texts["current_session"] ?? "") }

    func quote(of symbol: Symbol, at now: Timestamp) -> Quote {
        var quote = Quote(symbol: symbol, provenance: provenance(at: now))
        quote.last = figures["lp"]
        quote.lastTime = time("lp_time")
        quote.bid = figures["bid"]
        quote.ask = figures["ask"]
        quote.open = figures["open_price"]
        quote.high = figures["high_price"]
        quote.low = figures["low_price"]
        quote.previousClose = figures["prev_close_price"]
        quote.change = figures["ch"]
        quote.changePercent = figures["chp"]
        quote.volume = figures["volume"]
        quote.openInterest = figures["open_interest"]
        quote.session = texts["current_session"]
        return quote
    }

    private func provenance(at now: Timestamp) -> Provenance {
        let mode = texts["update_mode"].map(UpdateMode.init)
        // A quote completed without a mode is never passed off as live: `.delayed` by an unknown delay is the least that
        // the modes can claim.
        return Provenance(
            source: .tradingview,
            feed: texts["original_name"] ?? texts["pro_name"],
            mode: mode?.provenanceMode ?? .delayed,
            delaySeconds: mode?.delaySeconds,
            asOf: time("lp_time") ?? receivedAt ?? now
        )
    }

    private func time(_ field: String) -> Timestamp? {
        guard let seconds = figures[field], abs(seconds) < 1e11 else { return nil }
        return Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
    }
}
