import Foundation
import MarketData

/// A token as TradingView's web page holds it, and what is read out of it without checking its signature.
struct AuthToken: Hashable, Sendable {
    /// What `set_auth_token` is given where there is no account.
    static let anonymous = AuthToken(secret: Secret("unauthorized_user_token"))

    let secret: Secret

    init(secret: Secret) { self.secret = secret }

    /// Finds `"auth_token":"..."` in a page; `nil` where it is not, as on a page for visitors.
    init?(inPage page: [UInt8]) {
        let text = String(decoding: page, as: UTF8.self)
        guard let start = text.range(of: #""auth_token":""#), let end = text[start.upperBound...].firstIndex(of: "\"")
        else { return nil }
        let token = text[start.upperBound..<end]
        guard !token.isEmpty, token != "unauthorized_user_token" else { return nil }
        self.init(secret: Secret(String(token)))
    }

    /// When it stops working: the claim `exp` of the JWT; `nil` where it has none.
    var expiry: Timestamp? {
        let parts = secret.exposed.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let claims = Data(base64URL: parts[1]) else { return nil }
        struct Claims: Decodable { let exp: Double? }
        guard let seconds = (try? JSONDecoder().decode(Claims.self, from: claims))?.exp, seconds.isFinite,
            abs(seconds) < 1e11
        else { return nil }
        return Timestamp(seconds: Int64(seconds))
    }
}

extension Data {
    /// Reads base64 in its URL alphabet without padding, as in a JWT (RFC 7515, section 2).
    fileprivate init?(base64URL text: Substring) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
