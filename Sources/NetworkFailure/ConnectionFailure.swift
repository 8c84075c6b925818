import NIOCore
import NIOPosix

/// Why no response was received, over any protocol.
public enum ConnectionFailure: Error, Hashable, Sendable {
    /// The caller cancelled.
    case cancelled
    /// The deadline passed.
    case timedOut
    /// The host name has no address.
    case nameNotFound
    /// Nothing listens on the port.
    case connectionRefused
    /// The peer reset the connection.
    case connectionReset
    /// No route leads to the address.
    case networkUnreachable
    /// No secure connection, and why.
    case notSecured(String)
    /// The body is longer than any valid one.
    case responseTooLarge
    /// Too many redirects.
    case tooManyRedirects
    /// Anything else, in the library's own words.
    case other(String)

    /// Reads an error of the network library.
    public init(_ error: any Error) {
        switch error {
        case is CancellationError: self = .cancelled
        case is NIOTooManyBytesError: self = .responseTooLarge
        case ChannelError.connectTimeout: self = .timedOut
        case let error as IOError: self = ConnectionFailure(systemError: error.errnoCode) ?? .other("\(error)")
        case let error as NIOConnectionError: self = ConnectionFailure.ofConnecting(error)
        default: self = TLSFailure.words(of: error).map { .notSecured($0) } ?? .other("\(error)")
        }
    }

    /// As text, without the name of the host.
    public var words: String {
        switch self {
        case .cancelled, .timedOut: "no response came in time"
        case .nameNotFound: "its name could not be found"
        case .connectionRefused: "the connection was refused"
        case .connectionReset: "it reset the connection"
        case .networkUnreachable: "the network has no route to it"
        case .notSecured(let reason): reason
        case .responseTooLarge: "the response is larger than any valid one"
        case .tooManyRedirects: "it redirects too many times"
        case .other(let text): String(text.prefix(300))
        }
    }

    private init?(systemError number: CInt) {
        switch number {
        case ECONNREFUSED: self = .connectionRefused
        case ECONNRESET, EPIPE: self = .connectionReset
        case ENETUNREACH, EHOSTUNREACH: self = .networkUnreachable
        case ETIMEDOUT: self = .timedOut
        default: return nil
        }
    }

    /// Of all addresses that were tried, the most specific failure: a refused connection before a timeout.
    private static func ofConnecting(_ error: NIOConnectionError) -> ConnectionFailure {
        guard !error.connectionErrors.isEmpty else { return .nameNotFound }
        let failures = error.connectionErrors.map { ConnectionFailure($0.error) }
        for failure in [ConnectionFailure.connectionRefused, .timedOut] where failures.contains(failure) {
            return failure
        }
        return failures.first ?? .other("\(error)")
    }
}

/// Why a TLS handshake failed, as text: the library's own text names source files of the build.
public enum TLSFailure {
    /// The words for an error of NIOSSL, however it is wrapped; `nil` for one that is not of TLS.
    public static func words(of error: any Error) -> String? {
        let details = String(describing: error)
        if details.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is not trusted (trust its authority with SSL_CERT_FILE)"
        }
        if details.contains("WRONG_VERSION_NUMBER") || details.contains("HTTP_REQUEST") {
            return "it does not speak TLS on this port"
        }
        if details.contains("EOF during handshake") { return "it ended the connection during the TLS handshake" }
        return details.contains("NIOSSL") ? "the TLS handshake failed" : nil
    }
}
