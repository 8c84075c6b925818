import MarketData

/// The six digits that an authenticator app shows (TOTP, RFC 6238: SHA-1, steps of 30 seconds).
enum OneTimeCode {
    private static let stepSeconds: Int64 = 30
    /// Shorter secrets than 80 bits are no authenticator's: two of its characters were lost, or it is something else.
    private static let fewestSecretBytes = 10

    /// The code to send now.
    /// - Parameter secret: The secret that the account's set-up showed, in base32; or six digits, sent as they are.
    /// - Returns: `nil` where the secret is neither.
    static func code(from secret: Secret, at now: Timestamp) -> Secret? {
        let text = secret.exposed.filter { !" -=".contains($0) }
        if text.utf8.count == 6, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return Secret(text)
        }
        guard let key = bytes(ofBase32: text), key.count >= fewestSecretBytes else { return nil }
        return Secret(digits(key: key, seconds: now.seconds, count: 6))
    }

    /// The digits at a time: RFC 4226, section 5.3, over the number of steps since 1970.
    static func digits(key: [UInt8], seconds: Int64, count: Int) -> String {
        let step = UInt64(max(0, seconds) / stepSeconds)
        let message = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * UInt64($0))) }
        let hash = SHA1.authenticationCode(of: message, key: key)
        let offset = Int(hash[hash.count - 1] & 0x0F)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<count).reduce(UInt32(1)) { product, _ in product * 10 }
        let digits = String(number % modulus)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// Reads base32 (RFC 4648, section 6) in either case, without padding; `nil` for other characters.
    static func bytes(ofBase32 text: String) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var bytes: [UInt8] = []
        var (rest, bits): (UInt32, UInt32) = (0, 0)
        for character in text.uppercased().utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            (rest, bits) = (rest << 5 | UInt32(value), bits + 5)
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: rest >> bits))
            rest &= (1 << bits) - 1
        }
        return bytes
    }
}
