import Foundation
import Logging
import MarketServer
import MockMarket
import NSE
import Testing
import TradingView
import Trendlyne
import WebSocketTransport

@testable import BhavApp

@Suite("Configuration")
struct AppConfigurationTests {
    private func configuration(
        _ environment: [String: String], options: [String: String] = [:], dotEnv: String? = nil
    ) throws -> AppConfiguration {
        let path = NSTemporaryDirectory() + "bhav-\(UUID().uuidString).env"
        if let dotEnv { try dotEnv.write(toFile: path, atomically: true, encoding: .utf8) }
        defer { if dotEnv != nil { try? FileManager.default.removeItem(atPath: path) } }
        return try AppConfiguration(options: options, environment: environment, dotEnvPath: path)
    }

    @Test("without settings the real sources are used anonymously and only this machine is served")
    func defaults() throws {
        let configuration = try configuration(["HOME": "/nowhere"])
        #expect(!configuration.useMockData)
        #expect(configuration.server.host == "127.0.0.1")
        #expect(configuration.server.port == 8000)
        #expect(configuration.tradingView.socketURL == "wss://data.tradingview.com")
        #expect(configuration.trendlyne.baseURL == "https://smartoptions.trendlyne.com")
        #expect(configuration.tradingView.signIn == .anonymous)
    }

    @Test("options take precedence over the environment, and the environment over .env")
    func order() throws {
        let environment = ["PORT": "8001", "HOST": "127.0.0.2"]
        let configuration = try configuration(
            environment, options: ["PORT": "8002"], dotEnv: "PORT=8003\nHOST=127.0.0.3\nUSE_MOCK_DATA=true\n")
        #expect(configuration.server.port == 8002)
        #expect(configuration.server.host == "127.0.0.2")
        #expect(configuration.useMockData)
    }

    @Test(
        "an invalid setting is an error that names it",
        arguments: [
            ("USE_MOCK_DATA", "yes"), ("USE_MOCK_DATA", "TRUE"), ("PORT", "http"), ("PORT", "70000"),
            ("LOG_LEVEL", "loud"), ("TRADINGVIEW_URL", "http://127.0.0.1:9001"), ("TRENDLYNE_URL", "127.0.0.1:9001"),
            ("MOCK_HOURS", "never"), ("SSL_CERT_FILE", "/nowhere/ca.pem"), ("TV_PASSWORD", "hunter2"),
            ("TV_USERNAME", "hunter2"), ("TV_TOTP", "hunter2"),
        ])
    func unusable(name: String, value: String) throws {
        let error = #expect(throws: ConfigurationError.self) { _ = try configuration([name: value]) }
        #expect(error?.description.contains(name.hasPrefix("TV_") ? "TV_" : name) == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("base addresses may end in a slash")
    func slash() throws {
        let configuration = try configuration(["TRADINGVIEW_URL": "ws://127.0.0.1:9001/"])
        #expect(configuration.tradingView.socketURL == "ws://127.0.0.1:9001")
    }

    @Test("the certificate authorities of SSL_CERT_FILE apply to TradingView's WebSocket too")
    func certificateFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID()).pem")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let configuration = try configuration(["SSL_CERT_FILE": file.path])
        #expect(configuration.certificateFile == file.path)
        #expect(configuration.tradingView.trust.certificateFile == file.path)
    }

    @Test(
        "a base address with a path, a query or an invalid port is rejected, and a password in one is not printed",
        arguments: [
            "ws://127.0.0.1:9001/socket.io", "ws://127.0.0.1:9001?x=1", "ws://127.0.0.1:99999", "ws://127.0.0.1:0",
            "ws://:9001", "ws://", "ws://host:port", "ws://user:geheim@127.0.0.1:9001", "http://user:geheim@host",
            "wss://proxy.example/?token=geheim", "wss://proxy.example#geheim", "http://proxy.example:80/?geheim",
            "proxy.example?geheim", "wss://proxy.example:port?geheim", "wss://?geheim",
        ])
    func addresses(text: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(["TRADINGVIEW_URL": text]) }
        #expect(error.map { "\($0)".hasPrefix("TRADINGVIEW_URL: ") } == true)
        #expect(error.map { "\($0)".contains("geheim") } == false)
    }

    @Test("an address that holds a secret is shown only up to the port")
    func secretAddress() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(["TRADINGVIEW_URL": "wss://proxy.example:8443/?token=geheim"])
        }
        #expect(error.map { "\($0)".contains("'wss://proxy.example:8443'") } == true)
    }

    @Test("a password signs in with an authenticator's secret, cookies override it, and no secret is printed")
    func password() throws {
        let account = ["TV_USERNAME": "someone", "TV_PASSWORD": "hunter2", "TV_TOTP": "GEZDGNBVGY3TQOJQ"]
        let configuration = try configuration(account)
        #expect(
            configuration.tradingView.signIn
                == .password(username: "someone", password: Secret("hunter2"), totp: Secret("GEZDGNBVGY3TQOJQ")))
        let printed = "\(configuration) \(configuration.summary)"
        #expect(!printed.contains("hunter2") && !printed.contains("GEZDGNBVGY3TQOJQ"))
        let withCookies = try self.configuration(account.merging(["TV_SESSION_ID": "abc"]) { $1 })
        #expect(withCookies.tradingView.signIn == .cookies(sessionID: Secret("abc"), signature: nil))
    }

    @Test("the scanner uses the address of the search unless it has its own")
    func scanner() throws {
        let usual = try configuration([:])
        #expect(usual.tradingView.scannerURL == "https://scanner.tradingview.com")
        let search = ["TRADINGVIEW_SEARCH_URL": "http://127.0.0.1:9001"]
        let moved = try configuration(search)
        #expect(moved.tradingView.scannerURL == "http://127.0.0.1:9001")
        let own = try configuration(search.merging(["TRADINGVIEW_SCANNER_URL": "http://127.0.0.1:9002"]) { $1 })
        #expect(own.tradingView.scannerURL == "http://127.0.0.1:9002")
    }

    @Test("an address for NSE's site is used for its archive too, unless that has its own")
    func archive() throws {
        let usual = try configuration([:])
        #expect(usual.nse.archivesURL == "https://nsearchives.nseindia.com")
        let moved = try configuration(["NSE_URL": "http://127.0.0.1:9001"])
        #expect(moved.nse.archivesURL == "http://127.0.0.1:9001")
        let own = try configuration(["NSE_URL": "http://127.0.0.1:9001", "NSE_ARCHIVES_URL": "http://127.0.0.1:9002"])
        #expect(own.nse.archivesURL == "http://127.0.0.1:9002")
    }

    @Test("cookies sign in, a token overrides them, and no secret is printed")
    func signIn() throws {
        let cookies = ["TV_SESSION_ID": "abc-session", "TV_SESSION_SIGN": "v3:signature"]
        let withCookies = try configuration(cookies)
        #expect(
            withCookies.tradingView.signIn
                == .cookies(sessionID: Secret("abc-session"), signature: Secret("v3:signature")))
        #expect(!"\(withCookies)".contains("abc-session"))
        let withToken = try configuration(cookies.merging(["TV_AUTH_TOKEN": "a.b.c"]) { $1 })
        #expect(withToken.tradingView.signIn == .token(Secret("a.b.c")))
        let keys = try configuration(["BHAV_API_KEYS": "key-one, key-two"])
        #expect(keys.server.apiKeys.count == 2)
        #expect(!"\(keys)".contains("key-one"))
    }

    @Test("a .env file may have exports, quotes, comments and Windows line endings")
    func dotEnv() throws {
        let text =
            "# mine\r\nexport USE_MOCK_DATA=true\r\nHOST=\"127.0.0.4\"\r\nPORT='8004' # why not\r\n\r\nLOG_LEVEL=debug # more\r\n"
        let configuration = try configuration([:], dotEnv: text)
        #expect(configuration.useMockData)
        #expect(configuration.server.host == "127.0.0.4")
        #expect(configuration.server.port == 8004)
        #expect(configuration.logLevel == .debug)
    }

    @Test("a .env file may begin with a byte order mark")
    func dotEnvWithMark() throws {
        #expect(try configuration([:], dotEnv: "\u{FEFF}USE_MOCK_DATA=true\r\nPORT=8004\r\n").useMockData)
        #expect(try configuration([:], dotEnv: "\u{FEFF}# mine\nBHAV_URL=http://127.0.0.1:9\n").runningServer != nil)
    }

    @Test(
        "a .env file may have the encoding of any platform",
        arguments: [String.Encoding.utf8, .utf16, .utf16LittleEndian, .utf16BigEndian, .utf32], ["\n", "\r\n", "\r"])
    func dotEnvEncodings(encoding: String.Encoding, end: String) throws {
        let path = NSTemporaryDirectory() + "bhav-\(UUID().uuidString).env"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = ["# settings", "", "export PORT=8004", "USE_MOCK_DATA=true", ""].joined(separator: end)
        try #require(text.data(using: encoding)).write(to: URL(fileURLWithPath: path))
        let configuration = try AppConfiguration(environment: [:], dotEnvPath: path)
        #expect(configuration.useMockData && configuration.server.port == 8004)
    }

    @Test("an invalid line of .env is reported with its number")
    func unreadableDotEnv() {
        let error = #expect(throws: ConfigurationError.self) { _ = try configuration([:], dotEnv: "A=1\nnonsense\n") }
        #expect(error?.description.contains("line 2") == true)
    }
}
