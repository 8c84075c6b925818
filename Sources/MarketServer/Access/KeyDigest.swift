import Crypto

/// The SHA-256 of a key or of a session's token: keys must not lie about in the clear.
enum KeyDigest {
    /// The 32 bytes of the digest.
    static func of(_ text: some StringProtocol) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Bytes in hexadecimal.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
