import AsyncHTTPClient
public import MarketData
import NIOCore
import NIOPosix

/// Why no answer came over the wire, in plain words.
public enum ConnectionFailure: Error, Hashable, Sendable {
    /// Whoever asked gave up.
    case cancelled
    /// The time was up.
    case timedOut
    /// No address goes by that name.
    case nameNotFound
    /// Nobody listens there.
    case connectionRefused
    /// More bytes than any honest answer has.
    case answerTooLarge
    /// Redirects that lead nowhere.
    case endlessRedirects
    /// Anything else, in the words of whoever noticed it.
    case other(String)

    /// Reads the error of an HTTP client.
    public init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError: self = ConnectionFailure.of(error)
        case is NIOTooManyBytesError: self = .answerTooLarge
        case let error as NIOConnectionError: self = ConnectionFailure.of(error)
        case let error as IOError where error.errnoCode == ECONNREFUSED: self = .connectionRefused
        default: self = .other(ConnectionFailure.secureWords(of: "\(error)") ?? "\(error)")
        }
    }

    /// What went wrong with TLS; the library's own text names source files of the build.
    private static func secureWords(of details: String) -> String? {
        guard details.contains("NIOSSL") else { return nil }
        if details.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is not trusted (trust its authority with SSL_CERT_FILE)"
        }
        let isPlain = details.contains("WRONG_VERSION_NUMBER") || details.contains("HTTP_REQUEST")
        return isPlain ? "it does not speak TLS on this port" : "the TLS handshake failed"
    }

    /// In plain words, without the site's name.
    public var words: String {
        switch self {
        case .cancelled, .timedOut: "no answer came in time"
        case .nameNotFound: "its name could not be found"
        case .connectionRefused: "the connection was refused"
        case .answerTooLarge: "the answer is larger than any that it should give"
        case .endlessRedirects: "it redirects without end"
        case .other(let text): String(text.prefix(300))
        }
    }

    /// The error for whoever asked the site.
    public func error(of site: Site, timeout: Duration) -> MarketDataError {
        switch self {
        case .cancelled, .timedOut:
            MarketDataError(
                .upstreamTimeout,
                "\(site.words) gave no answer within \((Double(timeout.wholeMilliseconds) / 1000).shortest) s",
                source: site.source)
        case .answerTooLarge, .endlessRedirects:
            MarketDataError(.upstreamUnreadable, "\(site.words) cannot be read: \(words)", source: site.source)
        default:
            MarketDataError(.upstreamUnavailable, "\(site.words) cannot be reached: \(words)", source: site.source)
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
