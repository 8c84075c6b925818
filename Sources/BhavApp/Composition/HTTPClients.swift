import AsyncHTTPClient
import NIOHTTPCompression
import NIOSSL

/// Lends a client that follows no redirects, for sign-in, which must see them, and one that does; both trust the
/// system's certificate authorities and those of `SSL_CERT_FILE`, which NIOSSL does not read by itself.
func withHTTPClients<Result: Sendable>(
    _ configuration: AppConfiguration,
    _ body: (_ plain: HTTPClient, _ following: HTTPClient) async throws -> Result
) async throws -> Result {
    var settings = HTTPClient.Configuration()
    var tls = TLSConfiguration.makeClientConfiguration()
    if let file = configuration.certificateFile {
        do {
            tls.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(file))]
        } catch {
            throw ConfigurationError("SSL_CERT_FILE", "'\(file)' holds no certificate that can be read: \(error)")
        }
    }
    settings.tlsConfiguration = tls
    settings.decompression = .enabled(limit: .size(64 * 1024 * 1024))
    // A source that is down is told as such at once; who wants to try again decides that above.
    settings.connectionPool.retryConnectionEstablishment = false
    settings.redirectConfiguration = .disallow
    let plain = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    settings.redirectConfiguration = .follow(max: 5, allowCycles: false)
    let following = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: settings)
    do {
        let result = try await body(plain, following)
        try await plain.shutdown()
        try await following.shutdown()
        return result
    } catch {
        try? await plain.shutdown()
        try? await following.shutdown()
        throw error
    }
}
