import AsyncHTTPClient
import Foundation
import MarketData
import NIOCore
import NIOPosix
import WebSocketTransport

/// Why no answer came over HTTP, in plain words that name the server.
struct WebFailure {
    let error: any Error
    let address: URL
    let deadline: Duration

    var marketDataError: MarketDataError {
        if let error = error as? HTTPClientError, WebFailure.timeouts.contains(error) {
            return MarketDataError(
                .upstreamTimeout, "\(host) did not answer within \(deadline.inSeconds) s", source: .tradingview)
        }
        if error is NIOTooManyBytesError {
            return MarketDataError(
                .upstreamUnreadable, "the answer of \(host) is too large to be right", source: .tradingview)
        }
        return MarketDataError(.upstreamUnavailable, words, source: .tradingview)
    }

    private var words: String {
        if isNameUnknown { return "\(host) cannot be reached: its name was not found" }
        switch systemError {
        case ECONNREFUSED: return "\(server) refused the connection"
        case ECONNRESET, EPIPE: return "\(server) broke the connection off"
        case ENETUNREACH, EHOSTUNREACH: return "\(server) cannot be reached: there is no way to it on the network"
        default: return "\(server) cannot be reached: \(TLSFailure.words(of: error) ?? "\(error)")"
        }
    }

    /// Whether the host's name has no address at all.
    private var isNameUnknown: Bool {
        guard let error = error as? NIOConnectionError else { return false }
        return error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil)
    }

    /// The system's number of what went wrong, of the first address that was tried.
    private var systemError: CInt? {
        if let error = error as? IOError { return error.errnoCode }
        let attempts = (error as? NIOConnectionError)?.connectionErrors ?? []
        return attempts.lazy.compactMap { ($0.error as? IOError)?.errnoCode }.first
    }

    private var host: String { address.host() ?? "the server" }

    private var server: String { "\(host):\(address.port ?? (address.scheme == "http" ? 80 : 443))" }

    private static let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .connectTimeout]
}
