import NIOSSL
import Synchronization

/// A server's certificate and key, read from PEM files and read again on demand; new connections use the newest.
public final class ServerCertificate: Sendable {
    private let certificateFile: String
    private let keyFile: String
    private let current: Mutex<NIOSSLContext>

    /// Reads the files: a chain, the server's own certificate first, and its private key.
    /// - Throws: `WebSocketError` with code `tlsFailed`, naming the files.
    public init(certificateFile: String, keyFile: String) throws {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        current = Mutex(try ServerCertificate.context(certificateFile, keyFile))
    }

    /// Reads the files again; where that fails the old ones stay in use.
    /// - Throws: `WebSocketError` with code `tlsFailed`.
    public func reload() throws {
        let context = try ServerCertificate.context(certificateFile, keyFile)
        current.withLock { $0 = context }
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    private static func context(_ certificateFile: String, _ keyFile: String) throws -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificateFile).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(file: keyFile, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw WebSocketError(
                .tlsFailed,
                "cannot use the certificate '\(certificateFile)' with the key '\(keyFile)': \(error)", underlying: error
            )
        }
    }
}
