import Foundation
import Testing
import TradingView

@testable import BhavApp

@Suite("Configuration")
struct AppConfigurationTests {
    private func configuration(
        _ environment: [String: String], options: [String: String] = [:], dotEnv: String? = nil
    ) async throws -> AppConfiguration {
        let path = NSTemporaryDirectory() + "bhav-\(UUID().uuidString).env"
        if let dotEnv { try dotEnv.write(toFile: path, atomically: true, encoding: .utf8) }
        defer { if dotEnv != nil { try? FileManager.default.removeItem(atPath: path) } }
        return try await AppConfiguration(options: options, environment: environment, dotEnvPath: path)
    }

    @Test("without settings the real sources are asked, anonymously, and only this machine is served")
    func defaults() async throws {
        let configuration = try await configuration(["HOME": "/nowhere"])
        #expect(!configuration.useMockData)
        #expect(configuration.server.host == "127.0.0.1")
        #expect(configuration.server.port == 8000)
        #expect(configuration.tradingView.socketURL == "wss://data.tradingview.com")
        #expect(configuration.trendlyne.baseURL == "https://smartoptions.trendlyne.com")
        #expect(configuration.tradingView.signIn == .anonymous)
    }

    @Test("options stand over the environment, and the environment over .env")
    func order() async throws {
        let environment = ["PORT": "8001", "HOST": "127.0.0.2"]
        let configuration = try await configuration(
            environment, options: ["PORT": "8002"], dotEnv: "PORT=8003\nHOST=127.0.0.3\nUSE_MOCK_DATA=true\n")
        #expect(configuration.server.port == 8002)
        #expect(configuration.server.host == "127.0.0.2")
        #expect(configuration.useMockData)
    }

    @Test(
        "a setting that cannot be used is an error that names it",
        arguments: [
            ("USE_MOCK_DATA", "yes"), ("USE_MOCK_DATA", "TRUE"), ("PORT", "http"), ("PORT", "70000"),
            ("LOG_LEVEL", "loud"), ("TRADINGVIEW_URL", "http://127.0.0.1:9001"), ("TRENDLYNE_URL", "127.0.0.1:9001"),
            ("MOCK_HOURS", "never"), ("SSL_CERT_FILE", "/nowhere/ca.pem"), ("TV_PASSWORD", "hunter2"),
            ("TV_USERNAME", "hunter2"), ("TV_TOTP", "hunter2"),
        ])
    func unusable(name: String, value: String) async throws {
        let error = await #expect(throws: ConfigurationError.self) { _ = try await configuration([name: value]) }
        #expect(error?.description.contains(name.hasPrefix("TV_") ? "TV_" : name) == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("base addresses may end in a slash")
    func slash() async throws {
        let configuration = try await configuration(["TRADINGVIEW_URL": "ws://127.0.0.1:9001/"])
        #expect(configuration.tradingView.socketURL == "ws://127.0.0.1:9001")
    }

    @Test("a password signs in with an authenticator's secret, cookies stand over it, and no secret is ever printed")
    func password() async throws {
        let account = ["TV_USERNAME": "someone", "TV_PASSWORD": "hunter2", "TV_TOTP": "GEZDGNBVGY3TQOJQ"]
        let configuration = try await configuration(account)
        #expect(
            configuration.tradingView.signIn
                == .password(username: "someone", password: Secret("hunter2"), totp: Secret("GEZDGNBVGY3TQOJQ")))
        let printed = "\(configuration) \(configuration.summary)"
        #expect(!printed.contains("hunter2") && !printed.contains("GEZDGNBVGY3TQOJQ"))
        let withCookies = try await self.configuration(account.merging(["TV_SESSION_ID": "abc"]) { $1 })
        #expect(withCookies.tradingView.signIn == .cookies(sessionID: Secret("abc"), signature: nil))
    }

    @Test("the scanner moves with the search, unless it has an address of its own")
    func scanner() async throws {
        let usual = try await configuration([:])
        #expect(usual.tradingView.scannerURL == "https://scanner.tradingview.com")
        let search = ["TRADINGVIEW_SEARCH_URL": "http://127.0.0.1:9001"]
        let moved = try await configuration(search)
        #expect(moved.tradingView.scannerURL == "http://127.0.0.1:9001")
        let own = try await configuration(search.merging(["TRADINGVIEW_SCANNER_URL": "http://127.0.0.1:9002"]) { $1 })
        #expect(own.tradingView.scannerURL == "http://127.0.0.1:9002")
    }

    @Test("cookies sign in, a token stands over them, and no secret is ever printed")
    func signIn() async throws {
        let cookies = ["TV_SESSION_ID": "abc-session", "TV_SESSION_SIGN": "v3:signature"]
        let withCookies = try await configuration(cookies)
        #expect(
            withCookies.tradingView.signIn
                == .cookies(sessionID: Secret("abc-session"), signature: Secret("v3:signature")))
        #expect(!"\(withCookies)".contains("abc-session"))
        let withToken = try await configuration(cookies.merging(["TV_AUTH_TOKEN": "a.b.c"]) { $1 })
        #expect(withToken.tradingView.signIn == .token(Secret("a.b.c")))
        let keys = try await configuration(["BHAV_API_KEYS": "key-one, key-two"])
        #expect(keys.server.apiKeys.count == 2)
        #expect(!"\(keys)".contains("key-one"))
    }
}
