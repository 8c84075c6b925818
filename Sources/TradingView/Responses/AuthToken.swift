import Foundation
import JSON
import MarketData
import TradingViewProtocol

/// A token from TradingView's web page, and its claims, read without checking the signature.
struct AuthToken: Hashable, Sendable {
    /// What `set_auth_token` is given where there is no account.
    static let anonymous = AuthToken(secret: Secret(ClientCall.anonymousToken))

    let secret: Secret

    /// When it was made: the claim `iat` of the JWT.
    let issued: Timestamp?
    /// When it stops working: the claim `exp`; `nil` where it has none.
    let expiry: Timestamp?
    /// Whether it is a JWT that names a user, as every account's is.
    let isOfAccount: Bool
    /// Whether its claim `plan` names a paid plan.
    let hasPlan: Bool

    init(secret: Secret) {
        self.secret = secret
        let claims = Claims(ofToken: secret.exposed)
        issued = claims?.issued.flatMap(Timestamp.init(claim:))
        expiry = claims?.expiry.flatMap(Timestamp.init(claim:))
        isOfAccount = claims?.hasUser ?? false
        hasPlan = !(claims?.plan ?? "").isEmpty && claims?.plan?.lowercased() != "free"
    }

    /// Finds `"auth_token":"..."` in a page; `nil` where it is not, as on a page for visitors.
    init?(inPage page: [UInt8]) {
        let text = String(decoding: page, as: UTF8.self)
        guard let start = text.range(of: #""auth_token":""#), let end = text[start.upperBound...].firstIndex(of: "\"")
        else { return nil }
        let token = text[start.upperBound..<end]
        guard !token.isEmpty, token != ClientCall.anonymousToken else { return nil }
        self.init(secret: Secret(String(token)))
    }
}

extension AuthToken {
    /// The claims of a token; missing or invalid ones are left out.
    private struct Claims {
        let issued: Double?
        let expiry: Double?
        let hasUser: Bool
        let plan: String?

        init?(ofToken token: String) {
            let parts = token.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), let json = Data(base64URL: parts[1]),
                let claims = JSONValue(parsing: Array(json)), claims.object != nil
            else { return nil }
            issued = claims["iat"]?.double
            expiry = claims["exp"]?.double
            plan = claims["plan"]?.string
            let user = claims["user_id"]
            hasUser = user?.integer.map { $0 > 0 } ?? user?.string.map { !$0.isEmpty } ?? false
        }
    }
}

extension Timestamp {
    /// Seconds since 1970, as in a token's claims; `nil` if it is not a time.
    fileprivate init?(claim seconds: Double) {
        guard seconds.isFinite, abs(seconds) < 1e11 else { return nil }
        self.init(seconds: Int64(seconds))
    }
}

extension Data {
    /// Reads base64 in its URL alphabet without padding, as in a JWT (RFC 7515, section 2).
    fileprivate init?(base64URL text: Substring) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4))
    }
}
