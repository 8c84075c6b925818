/// Why a TLS handshake failed, in plain words: the library's own text names source files of the build.
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
