import MarketData
import TradingViewProtocol
import WebSocketTransport

/// Why there is no connection, in Bhav's words.
enum ConnectionFault {
    static func error(_ error: any Error) -> MarketDataError {
        switch error {
        case let error as MarketDataError: error
        case let error as WebSocketError: ofWebSocket(error)
        default: unavailable("the connection to TradingView failed: \(error)")
        }
    }

    /// The server closed the connection normally.
    static let closed = unavailable("TradingView closed the connection")

    /// Nothing was received for too long, not even heartbeats.
    static func silence(_ limit: Duration) -> MarketDataError {
        unavailable("TradingView is silent: nothing received for \(limit.inSeconds) s, not even a heartbeat")
    }

    /// Heartbeats come and nothing else, not even the response to a request.
    static let frozen = unavailable("TradingView froze: heartbeats come, but no data and no responses")

    /// `protocol_error`: the server closes the connection after it.
    static func ofProtocol(_ reason: String) -> MarketDataError {
        let words = reason.lowercased()
        if words.contains("token") {
            return MarketDataError(
                .signInRefused,
                "TradingView refused the token (\(reason)): it has expired or is wrong; fetch a new one",
                source: .tradingview)
        }
        if words.contains("banned") {
            return MarketDataError(
                .throttled, "TradingView bans this address for now (\(reason))", source: .tradingview,
                recovery: .retry(afterSeconds: 600))
        }
        return unavailable("TradingView ended the connection: \(reason)")
    }

    /// `critical_error` that names none of our sessions: it concerns the whole connection.
    static func ofCritical(_ reason: String, info: String?) -> MarketDataError {
        unavailable("TradingView reports an error of the connection: \(info.map { "\(reason): \($0)" } ?? reason)")
    }

    /// How long to wait after 429 without Retry-After, at least; the backoff adds to it with each further one.
    private static let secondsAfterTooMany = 5

    private static func ofWebSocket(_ error: WebSocketError) -> MarketDataError {
        switch error.code {
        case .upgradeRefused(429):
            return MarketDataError(
                .throttled, "TradingView has had too many connections from this address (429)", source: .tradingview,
                recovery: .retry(afterSeconds: error.refusal?.retryAfterSeconds ?? secondsAfterTooMany))
        case .upgradeRefused(let status):
            let wait = error.refusal?.retryAfterSeconds
            return MarketDataError(
                .upstreamUnavailable, "TradingView refused the WebSocket with status \(status)", source: .tradingview,
                recovery: wait.map { .retry(afterSeconds: $0) })
        case .timedOut: return MarketDataError(.upstreamTimeout, error.message, source: .tradingview)
        case .messageTooLarge, .protocolViolation:
            return MarketDataError(.upstreamUnreadable, error.message, source: .tradingview, recovery: .reconnect)
        case .invalidURL: return .badRequest(error.message)
        case .closed(let code, let reason):
            let said = reason.isEmpty ? "\(code)" : "\(code), \(reason)"
            return unavailable("TradingView's connection broke (\(said))")
        default: return unavailable(error.message)
        }
    }

    private static func unavailable(_ message: String) -> MarketDataError {
        MarketDataError(.upstreamUnavailable, message, source: .tradingview)
    }
}

/// TradingView's refusals of a symbol or a series, in Bhav's words.
enum SeriesFailure {
    static let nativeIntervals = "1s 5s 15s 30s 1m 3m 5m 15m 30m 45m 1h 2h 3h 4h 1d 1w 1M"

    /// `symbol_error`.
    static func ofSymbol(_ reason: String, details: [String], request: SeriesRequest) -> MarketDataError {
        let symbol = request.barRequest.symbol
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

    /// Words of the server's own trouble, which are not about the symbol.
    private static let troubles = ["internal", "timeout", "timed out", "unavailable", "overload", "too many"]

    /// `series_error`.
    static func ofSeries(_ reason: String, request: SeriesRequest) -> MarketDataError {
        let request = request.barRequest
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
                "bars of \(request.interval) need a paid TradingView plan; use one of \(nativeIntervals)",
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

    /// `critical_error`: the session ended; the connection remains.
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
                .notSupported, "TradingView cannot take the request for \(subject) (\(said))", source: .tradingview)
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

/// A time-out after the symbol was found: the server knows the instrument and sends nothing of it, as it does where a
/// feed is no longer served or needs an entitlement.
struct SilentFeed: Error {
    /// The time-out.
    let error: MarketDataError
    /// The server's suggested replacement, such as a delayed feed.
    let alternatives: [Symbol]
    /// The kind of the instrument: `forex`, `crypto`, ...
    let type: String?

    /// The time-out error with details of the instrument; `nil` for any other error.
    static func error(_ error: MarketDataError, of load: SeriesLoad?) -> SilentFeed? {
        guard error.code == .upstreamTimeout, let load, load.isSilent, let resolved = load.resolved else { return nil }
        return SilentFeed(
            error: error, alternatives: resolved.alternatives.compactMap(WireName.symbol), type: resolved.type)
    }

    /// The exchanges of currencies, metals and coins whose prices TradingView gives to everybody, best first.
    private static let freeExchanges = [
        "OANDA", "FX_IDC", "FOREXCOM", "CAPITALCOM", "SAXO", "PEPPERSTONE", "TVC", "COINBASE", "BINANCE", "BITSTAMP",
        "KRAKEN",
    ]

    /// Whether the same ticker of another exchange is the same pair.
    var isPair: Bool { ["forex", "crypto", "cfd", "spot"].contains(type ?? "") }

    /// The error with alternative feeds to request; the error unchanged where none is known.
    /// - Parameter found: The search results for the ticker.
    func suggesting(_ found: [Instrument], insteadOf symbol: Symbol) -> MarketDataError {
        var proposals = alternatives
        if isPair {
            let same = found.map(\.symbol).filter { $0.ticker == symbol.ticker && $0.exchange != symbol.exchange }
            proposals += SilentFeed.freeExchanges.flatMap { exchange in same.filter { $0.exchange == exchange } }
        }
        var seen: Set<Symbol> = [symbol]
        let names = proposals.filter { seen.insert($0).inserted }.prefix(3).map(\.description)
        guard let best = names.first else { return error }
        return MarketDataError(
            error.code,
            "\(error.message); \(symbol.exchange) may not be for everybody: \(best) is a free feed of the same",
            source: error.source, recovery: error.recovery, suggestions: Array(names))
    }
}
