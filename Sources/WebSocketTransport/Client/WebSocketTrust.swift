import Foundation
public import NIOSSL

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
