import Foundation
import MarketData
import SourceHTTP

/// Signs in with a name and password, as the web page's own form does: the last resort, since TradingView mostly requires a
/// captcha.
struct PasswordSignIn {
    /// What a sign-in gave.
    struct Admission: Sendable {
        let token: AuthToken
        /// From which later tokens are fetched, without the password.
        let cookies: SignInCookies
    }

    let username: String
    let password: Secret
    let totp: Secret?
    let webURL: String
    let origin: String
    let reader: WebConnection

    /// Signs in.
    /// - Throws: `MarketDataError`, with TradingView's own code and what to do.
    func admission(at now: Timestamp) async throws -> Admission {
        var cookies = SignInCookies()
        let form = [("username", username), ("password", password.exposed), ("remember", "on")]
        let response = try await post("/accounts/signin/", form, &cookies)
        if response.user != nil { return try admission(response, cookies) }
        guard response.wantsSecondFactor else { throw SignInFailure.ofPassword(response, secrets: secrets) }
        return try await secondFactor(response, cookies, at: now)
    }

    private func secondFactor(
        _ demand: SignInResponse, _ cookies: SignInCookies, at now: Timestamp
    ) async throws -> Admission {
        let kinds = (demand.kinds ?? []).map(\.name)
        guard let totp, kinds.isEmpty || kinds.contains("totp") else { throw SignInFailure.ofSecondFactor(demand) }
        guard let code = OneTimeCode.code(from: totp, at: now) else { throw SignInFailure.unusableSecret }
        var cookies = cookies
        let response = try await post("/accounts/two-factor/signin/totp/", [("code", code.exposed)], &cookies)
        guard response.user != nil else { throw SignInFailure.ofCode(response, secrets: secrets + [code]) }
        return try admission(response, cookies)
    }

    private var secrets: [Secret] { [password, Secret(username)] + (totp.map { [$0] } ?? []) }

    private func admission(_ response: SignInResponse, _ cookies: SignInCookies) throws -> Admission {
        let token = AuthToken(secret: Secret(response.user?.token ?? ""))
        guard token.isOfAccount else { throw SignInFailure.ofToken(from: "TradingView's sign-in") }
        return Admission(token: token, cookies: cookies)
    }

    private func post(
        _ path: String, _ form: [(String, String)], _ cookies: inout SignInCookies
    ) async throws -> SignInResponse {
        guard let address = URL(string: webURL.trimmingSlashes + path) else {
            throw MarketDataError.badRequest("the web address '\(webURL)' is not an address")
        }
        var headers = [("Origin", origin), ("Referer", origin), ("Accept", "application/json")]
        if let cookie = cookies.header { headers.append(("Cookie", cookie.exposed)) }
        let response = try await reader.post(address, headers: headers, form: form)
        cookies.take(response.setCookies)
        guard response.status < 500, response.status != 429, let parsed = SignInResponse(response.body),
            parsed.user != nil || parsed.code != nil || parsed.error != nil
        else { throw SignInFailure.ofResponse(response) }
        return parsed
    }
}

/// The six digits that an authenticator app shows (TOTP, RFC 6238: SHA-1, steps of 30 seconds).
enum OneTimeCode {
    private static let stepSeconds: Int64 = 30
    /// Secrets below 80 bits are invalid: an authenticator's is never shorter, so two characters may be missing.
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

/// The Secure Hash Algorithm SHA-1 (RFC 3174), and what authenticates a message with it (HMAC, RFC 2104).
///
/// Only for one-time codes, whose standard prescribes it; it protects nothing else here.
enum SHA1 {
    private static let blockLength = 64

    /// The 20 bytes of the hash.
    static func hash(_ message: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        let padded = padded(message)
        for start in stride(from: 0, to: padded.count, by: blockLength) {
            let round = mixed(state, with: schedule(padded[start..<start + blockLength]))
            for index in state.indices { state[index] &+= round[index] }
        }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
    }

    /// The 20 bytes that only who knows the key can make of the message.
    static func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var block = key.count > blockLength ? hash(key) : key
        block += [UInt8](repeating: 0, count: blockLength - block.count)
        return hash(block.map { $0 ^ 0x5C } + hash(block.map { $0 ^ 0x36 } + message))
    }

    /// With a one bit, zeros, and the length in bits, to whole blocks.
    private static func padded(_ message: [UInt8]) -> [UInt8] {
        var bytes = message + [0x80]
        bytes += [UInt8](repeating: 0, count: (blockLength + 56 - bytes.count % blockLength) % blockLength)
        let bits = UInt64(message.count) * 8
        return bytes + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) }
    }

    private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
        let bytes = Array(block)
        var words = stride(from: 0, to: blockLength, by: 4).map { index in
            bytes[index..<index + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for index in 16..<80 {
            words.append(rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], by: 1))
        }
        return words
    }

    private static func mixed(_ state: [UInt32], with words: [UInt32]) -> [UInt32] {
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for (index, word) in words.enumerated() {
            let (choice, constant): (UInt32, UInt32) =
                switch index {
                case ..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case ..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case ..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotated(a, by: 5) &+ choice &+ e &+ word &+ constant
            (e, d, c, b, a) = (d, c, rotated(b, by: 30), a, next)
        }
        return [a, b, c, d, e]
    }

    private static func rotated(_ word: UInt32, by count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
