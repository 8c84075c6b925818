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
