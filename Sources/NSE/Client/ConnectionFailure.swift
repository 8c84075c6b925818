import AsyncHTTPClient
import MarketData
import NIOCore
import NIOPosix

/// Why no answer came over the wire, in plain words.
enum ConnectionFailure: Error, Hashable {
    case cancelled
    case timedOut
    case nameNotFound
    case connectionRefused
    case answerTooLarge
    case endlessRedirects
    case other(String)

    init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError: self = ConnectionFailure.of(error)
        case is NIOTooManyBytesError: self = .answerTooLarge
        case let error as NIOConnectionError: self = ConnectionFailure.of(error)
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .connectionRefused
        default: self = .other("\(error)")
        }
    }

    var words: String {
        switch self {
        case .cancelled, .timedOut: "no answer came in time"
        case .nameNotFound: "its name could not be found"
        case .connectionRefused: "the connection was refused"
        case .answerTooLarge: "the answer is larger than any chain of options"
        case .endlessRedirects: "it redirects without end"
        case .other(let text): String(text.prefix(300))
        }
    }

    func error(host: String, timeout: Duration) -> MarketDataError {
        switch self {
        case .cancelled, .timedOut:
            MarketDataError(
                .upstreamTimeout, "NSE (\(host)) gave no answer within \(timeout)", source: .nse)
        case .answerTooLarge, .endlessRedirects:
            MarketDataError(
                .upstreamUnreadable, "NSE (\(host)) cannot be read: \(words)", source: .nse)
        default:
            MarketDataError(
                .upstreamUnavailable, "NSE (\(host)) cannot be reached: \(words)", source: .nse)
        }
    }

    private static func of(_ error: HTTPClientError) -> ConnectionFailure {
        let late: [HTTPClientError] = [
            .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout,
        ]
        if late.contains(error) { return .timedOut }
        if error == .cancelled { return .cancelled }
        if error == .redirectLimitReached || error == .redirectCycleDetected { return .endlessRedirects }
        return .other(error.description)
    }

    private static func of(_ error: NIOConnectionError) -> ConnectionFailure {
        if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty { return .nameNotFound }
        let refused = error.connectionErrors.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        return refused ? .connectionRefused : .other(error.description)
    }
}
