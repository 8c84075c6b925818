import AsyncHTTPClient
import Foundation
import HTTPTypes
import MarketData
import TestSupport
import Testing

@testable import TradingView

@Suite("Sign-in by password", .timeLimit(.minutes(1)))
struct PasswordSignInTests {
    private static let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    private static let door = "POST /accounts/signin/"
    private static let second = "POST /accounts/two-factor/signin/totp/"
    private static let admitted = ScriptedSite.Reply(
        cookies: ["sessionid=SESSION; Path=/; HttpOnly", "sessionid_sign=SIGN; Path=/"],
        body: #"{"error":"","user":{"id":7,"username":"someone","auth_token":"\#(TestToken.text())"}}"#)
    private static let wantsCode = ScriptedSite.Reply(
        cookies: ["challenge=abc; Path=/"],
        body: #"{"error":"2FA","code":"2FA_required","two_factor_types":[{"name":"sms"},{"name":"totp"}]}"#)

    private func source(_ port: Int, totp: String? = nil) -> TokenSource {
        var configuration = Simulated.client(ofPort: port)
        configuration.signIn = .password(
            username: "someone", password: Secret("pass word&=é"), totp: totp.map(Secret.init))
        return TokenSource(
            configuration: configuration,
            reader: WebConnection(httpClient: .shared, deadline: .seconds(5), clock: UpstreamClock { Wire.now }))
    }

    private func error(
        totp: String? = nil, _ response: @escaping @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply
    ) async throws -> MarketDataError? {
        try await ScriptedSite.with(response) { port, _ in
            let source = source(port, totp: totp)
            return await marketError { try await source.token(at: Wire.now) }
        }
    }

    @Test("sends the page's form and gets the account's token")
    func admission() async throws {
        try await ScriptedSite.with({ _ in Self.admitted }) { port, site in
            let token = try await source(port).token(at: Wire.now)
            #expect(token.secret == Secret(TestToken.text()))
            let request = try #require(site.requests.first)
            #expect(request.line == Self.door)
            #expect(request.body == "username=someone&password=pass%20word%26%3D%C3%A9&remember=on")
            #expect(request.headers[.referer] == "https://www.tradingview.com")
            #expect(request.headers[.userAgent]?.hasPrefix("Mozilla/5.0") == true)
            #expect(request.headers[.contentType] == "application/x-www-form-urlencoded")
        }
    }

    @Test("a required second factor sends the authenticator's code with the cookies of the first step")
    func authenticator() async throws {
        try await ScriptedSite.with({ $0.line == Self.door ? Self.wantsCode : Self.admitted }) { port, site in
            let token = try await source(port, totp: Self.secret).token(at: Timestamp(seconds: 1_111_111_109))
            #expect(token.isOfAccount)
            #expect(site.requests.map(\.line) == [Self.door, Self.second])
            #expect(site.requests.last?.body == "code=081804")
            #expect(site.requests.last?.headers[.cookie] == "challenge=abc")
        }
    }

    @Test(
        "a refusal has the server's own code and what to do, and no secret",
        arguments: [
            (#"{"error":"no","code":"recaptcha_required"}"#, "recaptcha_required", MarketDataError.Code.signInRefused),
            (#"{"error":"slow","code":"rate_limit"}"#, "rate_limit", .throttled),
            (
                #"{"error":"Wrong: someone, pass word&=é","code":"invalid_credentials"}"#, "invalid_credentials",
                .signInRefused
            ),
            (#"{"error":"x","code":"2FA_required","two_factor_types":[{"name":"totp"}]}"#, "TV_TOTP", .signInRefused),
            (
                #"{"error":"x","code":"2FA_required","two_factor_types":[{"name":"sms"},{"name":"email"}]}"#,
                "sms or email", .signInRefused
            ),
            (#"{"error":"x","code":"something_new"}"#, "something_new", .signInRefused),
            ("<html>Just a moment</html>", "web page", .signInRefused),
            (#"{"user":{"auth_token":"no token"}}"#, "JWT", .signInRefused),
        ])
    func refusals(body: String, word: String, code: MarketDataError.Code) async throws {
        let error = try #require(try await error { _ in .init(body: body) })
        #expect(error.code == code)
        #expect(error.message.contains(word))
        #expect(code == .throttled || error.message.contains("cookie") || error.message.contains("TV_AUTH_TOKEN"))
        #expect(!error.message.contains("someone") && !error.message.contains("pass word"))
    }

    @Test("a refusal in an HTTP status is read too, and a site that is down is not a refusal")
    func statuses() async throws {
        let captcha = #"{"error":"no","code":"recaptcha_required"}"#
        #expect(try await error { _ in .init(status: 403, body: captcha) }?.message.contains("captcha") == true)
        #expect(try await error { _ in .init(status: 429) }?.code == .throttled)
        #expect(try await error { _ in .init(status: 502) }?.code == .upstreamUnavailable)
    }

    @Test("a refused code and an invalid secret are named without showing them")
    func wrongCode() async throws {
        let refused = try await error(totp: Self.secret) {
            $0.line == Self.door ? Self.wantsCode : .init(status: 400, body: #"{"error":"bad","code":"invalid_code"}"#)
        }
        #expect(refused?.code == .signInRefused)
        #expect(refused?.message.contains("invalid_code") == true)
        let unusable = try await error(totp: "hunter2!") { _ in Self.wantsCode }
        #expect(unusable?.message.contains("TV_TOTP") == true)
        #expect(unusable?.message.contains("hunter2") == false)
    }

    private func refusal(of source: TokenSource, at now: Timestamp) async -> MarketDataError? {
        await marketError { try await source.token(at: now) }
    }

    @Test("a refused password is not sent again at once, which would lock the account")
    func patience() async throws {
        try await ScriptedSite.with({ _ in .init(body: #"{"error":"no","code":"invalid_credentials"}"#) }) {
            port, site in
            let source = source(port)
            for _ in 0..<3 {
                #expect(await refusal(of: source, at: Wire.now)?.code == .signInRefused)
            }
            #expect(site.requests.count == 1)
            let later = await refusal(of: source, at: Wire.now.advanced(bySeconds: 901))
            #expect(later?.message.contains("invalid_credentials") == true)
            #expect(site.requests.count == 2)
        }
    }

    @Test("after a sign-in tokens are renewed by its cookies, and the password is sent once")
    func renewal() async throws {
        let next = TestToken.text(expiry: 1_700_030_000)
        let response: @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply = { request in
            guard request.line == "GET /" else { return Self.admitted }
            let isSignedIn = request.headers[.cookie] == "sessionid=SESSION; sessionid_sign=SIGN"
            return .init(body: isSignedIn ? TestToken.page(next) : "<html></html>")
        }
        try await ScriptedSite.with(response) { port, site in
            let source = source(port)
            _ = try await source.token(at: Wire.now)
            let later = Timestamp(seconds: 1_700_012_000)
            let early = try await source.renewed(at: Wire.now.advanced(bySeconds: 60))
            #expect(early == nil)
            #expect(try await source.renewed(at: later)?.secret == Secret(next))
            #expect(site.requests.map(\.line) == [Self.door, "GET /"])
        }
    }
}
