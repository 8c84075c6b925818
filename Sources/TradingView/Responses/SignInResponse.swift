import JSON
import MarketData
import SourceHTTP

/// The response to a name and password, or to a one-time code: a user, or an error with a code.
struct SignInResponse {
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

    /// `nil` for bytes that are not such a response.
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

/// Why TradingView refuses a name and password: its own code, and what to do.
enum SignInFailure {
    /// How long TradingView keeps the door shut after too many attempts, in seconds.
    static let rateLimitSeconds = 600

    private static let useCookies =
        "sign in with a browser and give its cookies sessionid and sessionid_sign (TV_SESSION_ID, TV_SESSION_SIGN)"

    /// - Parameter secrets: Texts to remove from the server's words, should it repeat them.
    static func ofPassword(_ response: SignInResponse, secrets: [Secret]) -> MarketDataError {
        switch response.code {
        case "recaptcha_required":
            refused("TradingView wants a captcha solved (recaptcha_required), which takes a browser: \(useCookies)")
        case "rate_limit":
            MarketDataError(
                .throttled,
                "TradingView has had too many attempts to sign in (rate_limit) and wants 5 to 10 minutes of peace",
                source: .tradingview, recovery: .retry(afterSeconds: rateLimitSeconds))
        default:
            refused(
                "TradingView refuses the name and password (\(words(response, secrets: secrets))): "
                    + "check TV_USERNAME and TV_PASSWORD, or \(useCookies)")
        }
    }

    /// A second factor is wanted that cannot be given.
    static func ofSecondFactor(_ response: SignInResponse) -> MarketDataError {
        let kinds = (response.kinds ?? []).map(\.name)
        if kinds.contains("totp") || kinds.isEmpty {
            let offered = kinds.isEmpty ? "" : ": \(kinds.joined(separator: ", "))"
            return refused(
                "TradingView wants a second factor (2FA_required\(offered)): give the authenticator's secret in TV_TOTP, "
                    + "or \(useCookies)")
        }
        return refused(
            "TradingView wants a second factor by \(kinds.joined(separator: " or ")) (2FA_required), which a program "
                + "cannot receive: set the account to an authenticator app and give its secret in TV_TOTP, or \(useCookies)"
        )
    }

    /// The code of the authenticator was not taken.
    static func ofCode(_ response: SignInResponse, secrets: [Secret]) -> MarketDataError {
        if response.code == "rate_limit" || response.code == "recaptcha_required" {
            return ofPassword(response, secrets: secrets)
        }
        return refused(
            "TradingView refuses the code of the authenticator (\(words(response, secrets: secrets))): the secret in TV_TOTP "
                + "or this machine's clock is wrong, or six digits given as they are have expired")
    }

    /// `TV_TOTP` is neither a secret nor a code.
    static let unusableSecret = refused(
        "TV_TOTP is neither the secret of an authenticator in base32 (A-Z, 2-7, at least 16 of them) nor six digits")

    /// An HTTP response that is not a sign-in's.
    static func ofResponse(_ response: SourceResponse) -> MarketDataError {
        switch response.status {
        case 429:
            MarketDataError(
                .throttled, "TradingView's sign-in is rate limited (429)", source: .tradingview,
                recovery: .retry(afterSeconds: response.retryAfterSeconds ?? rateLimitSeconds))
        case 500...:
            MarketDataError(
                .upstreamUnavailable, "TradingView's sign-in returned status \(response.status)",
                source: .tradingview)
        default:
            refused(
                "TradingView's sign-in returned \(response.isPage ? "a web page" : "invalid JSON") "
                    + "(status \(response.status)): it takes us for a robot, or has changed; \(useCookies)")
        }
    }

    /// The received token is invalid.
    static func ofToken(from place: String) -> MarketDataError {
        refused(
            "what \(place) holds as a token is none (a JWT with a user_id was expected): the page has changed; "
                + "give a token in TV_AUTH_TOKEN")
    }

    private static func refused(_ message: String) -> MarketDataError {
        MarketDataError(.signInRefused, message, source: .tradingview)
    }

    private static func words(_ response: SignInResponse, secrets: [Secret]) -> String {
        var words = [response.code, response.error].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ": ")
        for secret in secrets where secret.exposed.count > 3 { words.replace(secret.exposed, with: "\(secret)") }
        return words.isEmpty ? "without a code" : String(words.prefix(200))
    }
}
