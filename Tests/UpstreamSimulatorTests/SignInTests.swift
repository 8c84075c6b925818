import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("The simulated sign-in")
struct SignInTests {
    private func pages(
        _ faults: Set<Fault> = [], _ adjust: (inout SimulatorConfiguration) -> Void = { _ in }
    ) throws -> SignInPages {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.faults = faults
        adjust(&configuration)
        return SignInPages(simulation: try Simulation(configuration: configuration))
    }

    private func post(
        _ body: String, to pages: SignInPages, path: String = "/accounts/signin/", cookies: String = ""
    ) throws -> (reported: JSONValue, cookies: [String]) {
        let request = WebRequest(
            method: "POST", path: path, headers: ["cookie": cookies], body: Array(body.utf8))
        let response = try #require(pages.response(to: request))
        return (try #require(JSONValue(parsing: response.body)), response.cookies)
    }

    private static let form = "username=someone&password=a+b%26c&remember=on"

    @Test("name and password give a user, a token and both cookies")
    func letIn() throws {
        let (reported, cookies) = try post(Self.form, to: try pages([]) { $0.password = "a b&c" })
        #expect(reported["user"]?["auth_token"]?.string?.split(separator: ".").count == 3)
        #expect(cookies.contains { $0.hasPrefix("sessionid=") } && cookies.contains { $0.hasPrefix("sessionid_sign=") })
    }

    @Test("a wrong password, a captcha and too many attempts have their own codes")
    func refusals() throws {
        #expect(
            try post(Self.form, to: try pages([]) { $0.password = "other" }).reported["code"] == "invalid_credentials")
        #expect(try post(Self.form, to: try pages([.signInCaptcha])).reported["code"] == "recaptcha_required")
        let limited = try pages([.signInRateLimit])
        let codes = try (1...4).map { _ in try post(Self.form, to: limited).reported["code"] }
        #expect(codes == [nil, nil, nil, "rate_limit"])
    }

    @Test("a second factor is required, and only the right code is accepted")
    func secondFactor() throws {
        let pages = try pages([.signIn2FA]) { $0.acceptsCode = { $0 == "123456" } }
        let (reported, cookies) = try post(Self.form, to: pages)
        #expect(reported["code"] == "2FA_required")
        #expect(reported["two_factor_types"]?.array?.first?["name"] == "totp")
        #expect(cookies.count == 1)
        let path = "/accounts/two-factor/signin/totp/"
        #expect(try post("code=123456", to: pages, path: path).reported["code"] == "invalid_session")
        let cookie = "tv_two_factor=pending"
        #expect(try post("code=654321", to: pages, path: path, cookies: cookie).reported["code"] == "invalid_code")
        #expect(try post("code=123456", to: pages, path: path, cookies: cookie).reported["user"] != nil)
        #expect(try post(Self.form, to: try self.pages([.signInSMS])).reported["two_factor_types"]?.array?.count == 2)
    }
}
