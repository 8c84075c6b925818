import MarketData
import TradingViewProtocol

/// TradingView's refusals of a symbol or a series, in Bhav's words.
enum SeriesRefusal {
    static let nativeIntervals = "1s 5s 15s 30s 1m 3m 5m 15m 30m 45m 1h 2h 3h 4h 1d 1w 1M"

    /// `symbol_error`.
    static func ofSymbol(_ reason: String, details: [String], question: SeriesQuestion) -> MarketDataError {
        let symbol = question.request.symbol
        if reason.contains("permission") {
            let what = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
            return MarketDataError(
                .notEntitled,
                "TradingView gives \(symbol) only to accounts with the right to it\(what); sign in with one that has it",
                source: .tradingview)
        }
        let words = reason.lowercased()
        if troubles.contains(where: words.contains) {
            return MarketDataError(
                .upstreamUnavailable, "TradingView could not look up \(symbol) now (\(reason))", source: .tradingview,
                recovery: .resubscribe)
        }
        return notFound(symbol, reason)
    }

    /// Words of the server's own trouble, which say nothing of the symbol.
    private static let troubles = ["internal", "timeout", "timed out", "unavailable", "overload", "too many"]

    /// `series_error`.
    static func ofSeries(_ reason: String, question: SeriesQuestion) -> MarketDataError {
        let request = question.request
        // A reason that came with its context has that behind it in brackets.
        let word = reason.firstRange(of: " (").map { String(reason[..<$0.lowerBound]) } ?? reason
        switch word {
        case "resolve error": return notFound(request.symbol, reason)
        case "seconds_not_entitled":
            return notEntitled("bars of \(request.interval) need a TradingView Premium plan", reason)
        case "ticks_not_entitled":
            return notEntitled("bars of ticks need a TradingView Expert plan", reason)
        case "resolution_not_entitled":
            return notEntitled("intraday bars of \(request.symbol) need the exchange's data package", reason)
        case "custom_resolution":
            return notEntitled(
                "bars of \(request.interval) need a paid TradingView plan; without one ask for one of \(nativeIntervals)",
                reason)
        case _ where word.hasPrefix("study_not_auth"):
            return notEntitled("this kind of chart needs a paid TradingView plan", reason)
        case _ where word.hasPrefix("unsupported resolution"):
            return MarketDataError(
                .notSupported, "TradingView has no bars of \(request.interval) for \(request.symbol) (\(reason))",
                source: .tradingview)
        default:
            return MarketDataError(
                .upstreamUnavailable, "TradingView refused the bars of \(request.symbol): \(reason)",
                source: .tradingview, recovery: .resubscribe)
        }
    }

    /// `critical_error`: the session is dead, the connection lives on.
    static func ofSession(_ reason: String, info: String?, subject: String) -> MarketDataError {
        let words = reason.replacing("_", with: " ")
        let said = info.map { "\(words): \($0)" } ?? words
        if isSessionRate(reason) {
            return MarketDataError(
                .throttled, "TradingView allows no more sessions on this connection (\(said))", source: .tradingview,
                recovery: .reconnect)
        }
        if words.hasPrefix("invalid parameters") {
            return MarketDataError(
                .notSupported, "TradingView cannot take the question for \(subject) (\(said))", source: .tradingview)
        }
        return MarketDataError(
            .upstreamUnavailable, "TradingView ended the session of \(subject) (\(said))", source: .tradingview,
            recovery: .resubscribe)
    }

    /// The server allows no sessions, not even on a connection just made.
    static let ofSessionRate = MarketDataError(
        .throttled, "TradingView allows no more sessions (max sessions rate reached)", source: .tradingview,
        recovery: .reconnect)

    static func isSessionRate(_ reason: String) -> Bool { reason.contains("max sessions rate") }

    private static func notFound(_ symbol: Symbol, _ reason: String) -> MarketDataError {
        MarketDataError(.symbolNotFound, "TradingView has no symbol \(symbol) (\(reason))", source: .tradingview)
    }

    private static func notEntitled(_ message: String, _ reason: String) -> MarketDataError {
        MarketDataError(.notEntitled, "\(message) (\(reason))", source: .tradingview)
    }
}
