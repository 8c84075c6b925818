import JSON

/// What TradingView answers to a name and password, or to a code: a user, or an error with a code of its own.
struct SignInAnswer {
    /// The account, once signed in.
    struct User {
        let token: String?
    }

    /// A way to have or make the second factor: `totp`, `sms`, `email`.
    struct Kind {
        let name: String
    }

    let user: User?
    let error: String?
    let code: String?
    let kinds: [Kind]?

    /// `nil` for bytes that are no such answer.
    init?(_ body: [UInt8]) {
        guard let fields = JSONFields(parsing: body) else { return nil }
        do throws(UnreadableField) {
            user = try fields.object("user").map { User(token: $0.value("auth_token")?.string) }
            error = fields.text("error")
            code = fields.text("code")
            kinds = try fields.list("two_factor_types")?.compactMap { kind in
                (kind.string ?? kind["name"]?.string).map { Kind(name: $0.printable) }
            }
        } catch { return nil }
    }

    var wantsSecondFactor: Bool { code == "2FA_required" }
}
