import Foundation
import MarketData

/// TradingView's sign-in: `POST /accounts/signin/` with a form, and `/accounts/two-factor/signin/totp/` for the code.
///
/// Every name is let in with every password, unless a fault says otherwise; `SimulatorConfiguration.password` names the
/// only one that is taken.
struct SignInPages: Sendable {
    /// How often it may be tried under `Fault.signInRateLimit`.
    private static let attempts = 3

    let simulation: Simulation
    private let tried = RequestNumber()

    init(simulation: Simulation) { self.simulation = simulation }

    /// The response; `nil` for another path.
    func response(to request: WebRequest) -> WebResponse? {
        switch request.path.hasSuffix("/") ? request.path : request.path + "/" {
        case "/accounts/signin/": request.method == "POST" ? signIn(request) : .notFound(request.path)
        case "/accounts/two-factor/signin/totp/": secondFactor(request)
        case "/accounts/two-factor/signin/sms/", "/accounts/two-factor/signin/email/":
            SignInPages.refusal("Wrong code", code: "invalid_code")
        default: nil
        }
    }

    private func signIn(_ request: WebRequest) -> WebResponse {
        let ledger = simulation.ledger
        let form = request.form
        guard let name = form["username"], !name.isEmpty, let password = form["password"], !password.isEmpty else {
            return SignInPages.refusal("Fill in the form", code: "invalid_credentials")
        }
        if ledger.isConfigured(.signInRateLimit), tried.next() > SignInPages.attempts, ledger.strikes(.signInRateLimit)
        {
            return SignInPages.refusal("You have been locked out. Please try again later.", code: "rate_limit")
        }
        if ledger.strikes(.signInCaptcha) {
            return SignInPages.refusal("Please confirm that you are not a robot.", code: "recaptcha_required")
        }
        if let expected = simulation.configuration.password, expected != password {
            return SignInPages.refusal("Invalid username or password", code: "invalid_credentials")
        }
        for (fault, kinds) in [(Fault.signIn2FA, ["totp"]), (.signInSMS, ["sms", "email"])] where ledger.strikes(fault)
        {
            var response = SignInPages.refusal(
                "Second factor is required", code: "2FA_required",
                members: [("two_factor_types", .list(kinds.map { ["name": .string($0)] }))]
            )
            response.cookies = ["tv_two_factor=pending; Path=/; HttpOnly"]
            return response
        }
        return admission(name)
    }

    private func secondFactor(_ request: WebRequest) -> WebResponse {
        guard request.cookies["tv_two_factor"] != nil else {
            return SignInPages.refusal("Sign in first", code: "invalid_session")
        }
        guard let code = request.form["code"], simulation.configuration.acceptsCode(code) else {
            return SignInPages.refusal("Wrong code", code: "invalid_code")
        }
        return admission("simulated")
    }

    private func admission(_ name: String) -> WebResponse {
        let configuration = simulation.configuration
        let token = UserToken.text(at: configuration.clock(), plan: configuration.plan)
        let user: JSONText = .object([
            ("id", 1), ("username", .string(name)), ("auth_token", .string(token)), ("session_hash", "simulated"),
            ("private_channel", "simulated"), ("pro_plan", configuration.plan == .paid ? "pro_premium" : ""),
        ])
        var response = WebResponse.json(.object([("error", ""), ("user", user)]))
        response.cookies = [
            "sessionid=simulated-session; Path=/; HttpOnly", "sessionid_sign=simulated-signature; Path=/; HttpOnly",
            "device_t=simulated-device; Path=/; HttpOnly",
        ]
        return response
    }

    private static func refusal(
        _ words: String, code: String, members: [(String, JSONText)] = []
    ) -> WebResponse {
        .json(.object([("error", .string(words)), ("code", .string(code))] + members))
    }
}

extension WebRequest {
    /// The fields of a form, percent-decoded, with `+` for a space.
    var form: [String: String] {
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").compactMap {
            pair -> (String, String)? in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = WebRequest.decoded(parts[0]) else { return nil }
            return (name, parts.count == 2 ? WebRequest.decoded(parts[1]) ?? "" : "")
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}

/// A token in the shape of TradingView's: a JWT of four hours without a valid signature.
enum UserToken {
    static func text(at now: Timestamp, plan: Plan) -> String {
        let header: JSONText = .object([("alg", "RS512"), ("kid", "simulated"), ("typ", "JWT")])
        let claims: JSONText = .object([
            ("user_id", 1), ("exp", .int(now.seconds + 4 * 3600)), ("iat", .int(now.seconds)),
            ("plan", .string(plan == .paid ? "pro_premium" : "")), ("ext_hours", 1), ("perm", ""), ("study_perm", ""),
            ("max_studies", plan == .paid ? 25 : 2), ("max_connections", plan == .paid ? 50 : 1),
        ])
        return [header.bytes, claims.bytes, Array("simulated signature".utf8)].map(base64URL).joined(separator: ".")
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
