import Foundation

/// What TradingView answers to a name and password, or to a code: a user, or an error with a code of its own.
struct SignInAnswer: Decodable {
    /// The account, once signed in.
    struct User: Decodable {
        let token: String?

        enum CodingKeys: String, CodingKey { case token = "auth_token" }
    }

    /// A way to have or make the second factor: `totp`, `sms`, `email`.
    struct Kind: Decodable {
        let name: String

        private enum CodingKeys: String, CodingKey { case name }

        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                self.name = name
            } else {
                name = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
            }
        }
    }

    let user: User?
    let error: String?
    let code: String?
    let kinds: [Kind]?

    enum CodingKeys: String, CodingKey {
        case user, error, code
        case kinds = "two_factor_types"
    }

    /// `nil` for bytes that are no such answer.
    init?(_ body: [UInt8]) {
        guard let answer = try? JSONDecoder().decode(SignInAnswer.self, from: Data(body)) else { return nil }
        self = answer
    }

    var wantsSecondFactor: Bool { code == "2FA_required" }
}
