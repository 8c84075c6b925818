import AsyncHTTPClient
import Foundation
import HTTPTypes
import MarketData
import TestSupport
import Testing

@testable import TradingView

@Suite("Sign-in")
struct SignInTests {
    private static let page = TestToken.page(TestToken.text())
    private static let cookies = TradingViewSignIn.cookies(
        sessionID: Secret("SESSION"), signature: Secret("SIGNATURE"))

    private func token(
        _ signIn: TradingViewSignIn, _ response: @escaping @Sendable (ScriptedSite.Request) -> ScriptedSite.Reply
    ) async throws -> AuthToken {
        try await ScriptedSite.with(response) { port, _ in
            var configuration = Simulated.client(ofPort: port)
            configuration.signIn = signIn
            let reader = WebConnection(httpClient: .shared, deadline: .seconds(5), clock: UpstreamClock { Wire.now })
            return try await TokenSource(configuration: configuration, reader: reader).token(at: Wire.now)
        }
    }

    @Test("the cookies of a browser give its token, through redirects")
    func cookies() async throws {
        let token = try await token(Self.cookies) { request in
            guard request.headers[.cookie] == "sessionid=SESSION; sessionid_sign=SIGNATURE" else {
                return .init(body: "<html>a visitor's page</html>")
            }
            return request.path == "/"
                ? .init(status: 302, headers: [("Location", "/in/")]) : .init(body: Self.page)
        }
        #expect(token.secret == Secret(TestToken.text()))
    }

    @Test("a page without a token is a refused sign-in, never anonymous access, and shows no secret")
    func visitor() async {
        let error = await marketError { try await token(Self.cookies) { _ in .init(body: "<html></html>") } }
        #expect(error?.code == .signInRefused)
        #expect(error.map { "\($0)".contains("SESSION") || "\($0)".contains("SIGNATURE") } == false)
    }

    @Test("a session cookie without its signature is an error that names the missing one")
    func signature() async {
        let signIn = TradingViewSignIn.cookies(sessionID: Secret("SESSION"), signature: nil)
        let error = await marketError { try await token(signIn) { _ in .init(body: "<html></html>") } }
        #expect(error?.message.contains("sessionid_sign") == true)
    }

    @Test("circular redirects and redirects to another host end in an error")
    func redirects() async {
        for target in ["/", "https://example.com/"] {
            let error = await marketError {
                try await token(Self.cookies) { _ in .init(status: 302, headers: [("Location", target)]) }
            }
            #expect(error != nil)
        }
        func isTrusted(_ text: String) -> Bool {
            URL(string: text).map { CookieSignIn.isTrusted($0, host: "www.tradingview.com") } ?? false
        }
        #expect(isTrusted("https://in.tradingview.com/"))
        #expect(!isTrusted("http://in.tradingview.com/"))
        #expect(!isTrusted("https://tradingview.com.example.com/"))
    }

    @Test("an expired token is rejected before it is sent")
    func expired() async {
        let claims = Data(#"{"user_id":1,"exp":1600000000}"#.utf8).base64EncodedString().replacing("=", with: "")
        let token = Secret("e30.\(claims).sig")
        let error = await marketError { try await self.token(.token(token)) { _ in .init() } }
        #expect(error?.code == .signInRefused)
        #expect(error?.message.contains(claims) == false)
    }
}
