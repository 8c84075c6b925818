import MarketData
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

    /// The server closed the connection in peace.
    static let closed = unavailable("TradingView closed the connection")

    /// Nothing came for too long, not even heartbeats.
    static func silence(_ limit: Duration) -> MarketDataError {
        unavailable("TradingView fell silent: nothing came for \(limit.inSeconds) s, not even a heartbeat")
    }

    /// Heartbeats come and nothing else, not even the answer to a question.
    static let frozen = unavailable("TradingView froze: heartbeats come, but no data and no answers")

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

    /// `critical_error` that names none of our sessions: the whole connection is meant.
    static func ofCritical(_ reason: String, info: String?) -> MarketDataError {
        unavailable("TradingView reports an error of the connection: \(info.map { "\(reason): \($0)" } ?? reason)")
    }

    private static func ofWebSocket(_ error: WebSocketError) -> MarketDataError {
        switch error.code {
        case .upgradeRefused(429):
            return MarketDataError(
                .throttled, "TradingView has had too many connections from this address (429)", source: .tradingview,
                recovery: .retry(afterSeconds: error.refusal?.retryAfterSeconds ?? 60))
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
