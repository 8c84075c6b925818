import Foundation
import NIOCore
import NIOSSL

extension WebSocketTrust {
    /// The TLS settings of a client with these authorities; hostnames are verified.
    func makeContext() throws(WebSocketError) -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        // A peer that does not answer TLS's farewell must not hold a finished connection.
        tls.shutdownTimeout = .seconds(1)
        let further = certificates + (try certificatesOfFile()) + certificatesOfDirectory()
        if includesSystemRoots {
            tls.additionalTrustRoots = further.isEmpty ? [] : [.certificates(further)]
        } else {
            tls.trustRoots = .certificates(further)
        }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw WebSocketError(.tlsFailed, "The trusted certificates cannot be used.", underlying: error)
        }
    }

    private func certificatesOfFile() throws(WebSocketError) -> [NIOSSLCertificate] {
        guard let certificateFile else { return [] }
        do {
            return try NIOSSLCertificate.fromPEMFile(certificateFile)
        } catch {
            throw WebSocketError(
                .tlsFailed,
                "The certificate file \(certificateFile) (SSL_CERT_FILE) cannot be read.",
                underlying: error
            )
        }
    }

    /// Files that are no certificates are passed over, as OpenSSL does.
    private func certificatesOfDirectory() -> [NIOSSLCertificate] {
        guard let certificateDirectory else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: certificateDirectory)) ?? []
        let certificates = names.sorted().flatMap { name in
            (try? NIOSSLCertificate.fromPEMFile("\(certificateDirectory)/\(name)")) ?? []
        }
        return Array(Set(certificates))
    }
}
