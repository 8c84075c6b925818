public import Foundation
public import NIOCore
public import NIOSSL

/// How a client connects.
public struct WebSocketClientConfiguration: Sendable {
    /// Headers of the upgrade request (`Origin`, `User-Agent`, `Cookie`, ...), in this order.
    public var headers: [(String, String)]
    /// How long finding and reaching the host may take.
    public var connectTimeout: Duration
    /// How long TLS and the response to the upgrade may take.
    public var upgradeTimeout: Duration
    /// Limits and waits of the connection once open.
    public var connection: WebSocketConfiguration
    /// Which authorities are trusted; by default the system's and those named in the environment.
    public var trust: WebSocketTrust
    /// The event loops to run on; by default the process's own.
    public var eventLoopGroup: (any EventLoopGroup)?
    /// The time of day, by which `Retry-After` dates are read.
    public var now: @Sendable () -> Date

    /// A configuration; by default 10 seconds to connect and 10 to upgrade.
    public init(
        headers: [(String, String)] = [],
        connectTimeout: Duration = .seconds(10),
        upgradeTimeout: Duration = .seconds(10),
        connection: WebSocketConfiguration = WebSocketConfiguration(),
        trust: WebSocketTrust = .environment(),
        eventLoopGroup: (any EventLoopGroup)? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.headers = headers
        self.connectTimeout = connectTimeout
        self.upgradeTimeout = upgradeTimeout
        self.connection = connection
        self.trust = trust
        self.eventLoopGroup = eventLoopGroup
        self.now = now
    }

    /// The time by which the TLS library judges certificates: the machine's, which cannot be set.
    static let certificateTime: @Sendable () -> Date = { Date() }
}

/// Which certificate authorities a client trusts.
public struct WebSocketTrust: Hashable, Sendable {
    /// Whether the system's authorities are trusted.
    public var includesSystemRoots: Bool
    /// A PEM file of further authorities.
    public var certificateFile: String?
    /// A folder whose `.pem`, `.crt` and hash-named files hold further authorities.
    public var certificateDirectory: String?
    /// Further authorities.
    public var certificates: [NIOSSLCertificate]

    /// A choice of authorities; by default the system's only.
    public init(
        includesSystemRoots: Bool = true,
        certificateFile: String? = nil,
        certificateDirectory: String? = nil,
        certificates: [NIOSSLCertificate] = []
    ) {
        self.includesSystemRoots = includesSystemRoots
        self.certificateFile = certificateFile
        self.certificateDirectory = certificateDirectory
        self.certificates = certificates
    }

    /// The system's authorities and those of `SSL_CERT_FILE` and `SSL_CERT_DIR`, the names that OpenSSL gave them.
    public static func environment() -> WebSocketTrust { environment(ProcessInfo.processInfo.environment) }

    /// The system's authorities and those that `SSL_CERT_FILE` and `SSL_CERT_DIR` of these variables name.
    public static func environment(_ environment: [String: String]) -> WebSocketTrust {
        func path(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        return WebSocketTrust(certificateFile: path("SSL_CERT_FILE"), certificateDirectory: path("SSL_CERT_DIR"))
    }
}

extension WebSocketTrust {
    /// The TLS settings of a client with these authorities; hostnames are verified.
    func makeContext() throws(WebSocketError) -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .fullVerification
        // A peer that does not respond to TLS's close_notify must not hold a finished connection.
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

    /// Files that are not certificates are ignored, as OpenSSL does.
    private func certificatesOfDirectory() -> [NIOSSLCertificate] {
        guard let certificateDirectory else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: certificateDirectory)) ?? []
        let certificates = names.sorted().flatMap { name in
            (try? NIOSSLCertificate.fromPEMFile("\(certificateDirectory)/\(name)")) ?? []
        }
        return Array(Set(certificates))
    }
}
