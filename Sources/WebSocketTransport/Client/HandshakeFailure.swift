import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NetworkFailure

/// Turns what went wrong beneath into a ``WebSocketError`` that names the host.
struct HandshakeFailure: Sendable {
    let url: WebSocketURL
    let now: @Sendable () -> Date

    func ofConnecting(_ error: any Error, within limit: Duration) -> WebSocketError {
        switch ConnectionFailure(error) {
        case .timedOut:
            return WebSocketError(.timedOut, "\(url.place) did not accept a connection within \(limit).")
        case .nameNotFound:
            let message = "The host name \(url.host) (port \(url.port)) was not found."
            return WebSocketError(.nameNotFound, message, underlying: error)
        case .connectionRefused:
            return WebSocketError(.connectionRefused, "\(url.place) refused the connection: nothing listens there.")
        default:
            let cause = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
            return WebSocketError(.unreachable, "\(url.place) cannot be reached.", underlying: cause)
        }
    }

    func ofWaiting(_ limit: Duration) -> WebSocketError {
        WebSocketError(.timedOut, "\(url.place) did not answer the WebSocket upgrade within \(limit).")
    }

    func ofRefusal(_ refusal: UpgradeRefusal) -> WebSocketError {
        let status = "\(refusal.status) \(refusal.reasonPhrase)"
        return WebSocketError(
            .upgradeRefused(status: refusal.status),
            "\(url.place) refused the WebSocket upgrade: HTTP \(status).",
            refusal: refusal
        )
    }

    func ofUpgrading(_ error: any Error, certificate: NIOSSLCertificate?) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            error
        case NIOSSLError.uncleanShutdown:
            ofHangingUp(error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            ofTLS(error, certificate)
        case let error as NIOHTTPClientUpgradeError:
            WebSocketError(
                .protocolViolation,
                "\(url.place) said that it switched to WebSocket, but its answer does not fit our request.",
                underlying: error
            )
        case is HTTPParserError:
            WebSocketError(.protocolViolation, "\(url.place) does not speak HTTP.", underlying: error)
        default:
            ofHangingUp(error)
        }
    }

    private func ofHangingUp(_ error: any Error) -> WebSocketError {
        WebSocketError(
            .closed(code: .abnormal, reason: ""),
            "\(url.place) ended the connection during the WebSocket upgrade.",
            underlying: error
        )
    }

    private func ofTLS(_ error: any Error, _ certificate: NIOSSLCertificate?) -> WebSocketError {
        WebSocketError(
            .tlsFailed,
            "No secure connection to \(url.place): \(reason(error, certificate)).",
            underlying: error
        )
    }

    private func reason(_ error: any Error, _ certificate: NIOSSLCertificate?) -> String {
        if error is NIOSSLExtraError { return "its certificate is for another name than \(url.host)" }
        if case NIOSSLError.unableToValidateCertificate = error {
            return "its certificate is for another address than \(url.host)"
        }
        let details = String(describing: error)
        if details.contains("CERTIFICATE_VERIFY_FAILED") { return untrusted(certificate) }
        return TLSFailure.words(of: error) ?? "the TLS handshake failed"
    }

    private func untrusted(_ certificate: NIOSSLCertificate?) -> String {
        guard let certificate else { return "its certificate is not trusted" }
        let now = now()
        let end = Date(timeIntervalSince1970: TimeInterval(certificate.notValidAfter))
        let start = Date(timeIntervalSince1970: TimeInterval(certificate.notValidBefore))
        if end < now { return "its certificate expired on \(end.formatted(.iso8601))" }
        if start > now { return "its certificate is not valid before \(start.formatted(.iso8601))" }
        return "its certificate is signed by an unknown authority (trust one with SSL_CERT_FILE)"
    }
}
