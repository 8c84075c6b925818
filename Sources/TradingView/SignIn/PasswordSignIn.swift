import Foundation
import MarketData
import SourceHTTP

/// Signs in with a name and password, as the web page's own form does: the last resort, since TradingView mostly wants a
/// captcha solved.
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
    let reader: WebReader

    /// Signs in.
    /// - Throws: `MarketDataError`, with TradingView's own code and the way out.
    func admission(at now: Timestamp) async throws -> Admission {
        var cookies = SignInCookies()
        let form = [("username", username), ("password", password.exposed), ("remember", "on")]
        let answer = try await post("/accounts/signin/", form, &cookies)
        if answer.user != nil { return try admission(answer, cookies) }
        guard answer.wantsSecondFactor else { throw SignInRefusal.ofPassword(answer, secrets: secrets) }
        return try await secondFactor(answer, cookies, at: now)
    }

    private func secondFactor(
        _ demand: SignInAnswer, _ cookies: SignInCookies, at now: Timestamp
    ) async throws -> Admission {
        let kinds = (demand.kinds ?? []).map(\.name)
        guard let totp, kinds.isEmpty || kinds.contains("totp") else { throw SignInRefusal.ofSecondFactor(demand) }
        guard let code = OneTimeCode.code(from: totp, at: now) else { throw SignInRefusal.unusableSecret }
        var cookies = cookies
        let answer = try await post("/accounts/two-factor/signin/totp/", [("code", code.exposed)], &cookies)
        guard answer.user != nil else { throw SignInRefusal.ofCode(answer, secrets: secrets + [code]) }
        return try admission(answer, cookies)
    }

    private var secrets: [Secret] { [password, Secret(username)] + (totp.map { [$0] } ?? []) }

    private func admission(_ answer: SignInAnswer, _ cookies: SignInCookies) throws -> Admission {
        let token = AuthToken(secret: Secret(answer.user?.token ?? ""))
        guard token.isOfAccount else { throw SignInRefusal.ofToken(from: "TradingView's sign-in") }
        return Admission(token: token, cookies: cookies)
    }

    private func post(
        _ path: String, _ form: [(String, String)], _ cookies: inout SignInCookies
    ) async throws -> SignInAnswer {
        guard let address = URL(string: webURL.trimmingSlashes + path) else {
            throw MarketDataError.badRequest("the web address '\(webURL)' is no address")
        }
        var headers = [("Origin", origin), ("Referer", origin), ("Accept", "application/json")]
        if let cookie = cookies.header { headers.append(("Cookie", cookie.exposed)) }
        let answer = try await reader.post(address, headers: headers, form: form)
        cookies.take(answer.setCookies)
        guard answer.status < 500, answer.status != 429, let told = SignInAnswer(answer.body),
            told.user != nil || told.code != nil || told.error != nil
        else { throw SignInRefusal.ofAnswer(answer) }
        return told
    }
}
