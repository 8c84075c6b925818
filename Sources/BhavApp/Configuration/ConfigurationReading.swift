import Foundation
import Logging
import MarketData
import MarketServer
import MockMarket
import NSE
import TradingView
import Trendlyne
import WebSocketTransport

extension AppConfiguration {
    /// Reads the settings: options of the command line over the environment over a `.env` file.
    ///
    /// - `USE_MOCK_DATA` (`true` or `false`, default `false`), `MOCK_SEED` (default 1), `MOCK_HOURS` (`always`, `exchange`)
    /// - `HOST` (default `127.0.0.1`), `PORT` (default 8000), `CORS_ORIGINS`, `BHAV_API_KEYS` (secret; comma-separated)
    /// - `BHAV_DATA` (default `$XDG_DATA_HOME/bhav`, else `~/.local/share/bhav`), `LOG_LEVEL` (default `info`)
    /// - `LOG_FORMAT`: `text` or `json`, for a server's log (default `text`)
    /// - `TRADINGVIEW_URL`, `TRADINGVIEW_WEB_URL`, `TRADINGVIEW_SEARCH_URL`, `TRADINGVIEW_SCANNER_URL`, `TRENDLYNE_URL`,
    ///   `NSE_URL`, `NSE_ARCHIVES_URL`: base addresses
    /// - `TV_AUTH_TOKEN`, or `TV_SESSION_ID` and `TV_SESSION_SIGN`, or `TV_USERNAME`, `TV_PASSWORD` and `TV_TOTP` (secret):
    ///   the sign-in at TradingView, each takes precedence over the next
    /// - `BHAV_HOSTS`: host names that a server without keys accepts (default none)
    /// - `BHAV_KEYS_FILE`: a file of hashed keys (default `keys` in `BHAV_DATA`, where there is one)
    /// - `BHAV_TLS_CERT`, `BHAV_TLS_KEY`: PEM files of the server's certificate chain and key
    /// - `BHAV_RATE_LIMIT`: requests a minute for each key or address, 0 for any number (default 6000 with keys, else 0)
    /// - `BHAV_RECORD`: comma-separated symbols whose open interest the server records through each session (default none)
    /// - `BHAV_CALENDAR`: a calendar file (default `calendar.json` in `BHAV_DATA`, where there is one)
    /// - `BHAV_URL`, `BHAV_API_KEY` (secret): a running server that reading commands use, and its key
    /// - `SSL_CERT_FILE`: certificate authorities trusted beside the system's
    ///
    /// - Throws: `ConfigurationError`, naming the setting.
    public init(
        options: [String: String] = [:], environment: [String: String], dotEnvPath: String
    ) throws(ConfigurationError) {
        do {
            try self.init(reading: try Settings(options: options, environment: environment, dotEnvPath: dotEnvPath))
        } catch {
            throw error.given(in: options)
        }
    }

    private init(reading settings: Settings) throws(ConfigurationError) {
        self.init(dataFolder: settings.text("BHAV_DATA") ?? AppConfiguration.usualDataFolder(settings))
        useMockData = try settings.switched("USE_MOCK_DATA", default: false)
        mockSeed = UInt64(try settings.number("MOCK_SEED", within: 0...Int.max, default: 1))
        mockHours = try settings.choice("MOCK_HOURS", default: .always)
        logLevel = try settings.choice("LOG_LEVEL", default: .info)
        logFormat = try settings.choice("LOG_FORMAT", default: .text)
        certificateFile = try settings.readableFile("SSL_CERT_FILE")
        tradingView.trust.certificateFile = certificateFile
        exchangeTables = try AppConfiguration.exchangeTables(settings, dataFolder: dataFolder)
        recorded = try AppConfiguration.recorded(settings)
        if settings.text("BHAV_URL") != nil {
            let address = try settings.address("BHAV_URL", ["http", "https"], default: "")
            runningServer = RunningServer(address: address, key: settings.text("BHAV_API_KEY"))
        }
        try readServer(settings)
        try readSources(settings)
    }

    private mutating func readServer(_ settings: Settings) throws(ConfigurationError) {
        server.host = settings.text("HOST") ?? server.host
        server.port = try settings.number("PORT", within: 0...65_535, default: server.port)
        server.corsOrigins = settings.list("CORS_ORIGINS")
        server.hosts = settings.list("BHAV_HOSTS")
        server.apiKeys = try AppConfiguration.keys(settings, dataFolder: dataFolder)
        if let chain = try settings.readableFile("BHAV_TLS_CERT") {
            guard let key = try settings.readableFile("BHAV_TLS_KEY") else {
                throw ConfigurationError("BHAV_TLS_CERT", "needs BHAV_TLS_KEY, the certificate's private key")
            }
            server.certificate = (chain, key)
        } else if settings.text("BHAV_TLS_KEY") != nil {
            throw ConfigurationError("BHAV_TLS_KEY", "needs BHAV_TLS_CERT, the certificate that it belongs to")
        }
        // A server with keys serves other machines; one without serves only this one.
        let usual = server.apiKeys.isEmpty ? 0 : 6_000
        let rate = try settings.number("BHAV_RATE_LIMIT", within: 0...1_000_000, default: usual)
        server.limits.requestsPerMinute = rate == 0 ? nil : rate
        server.dataFolder = dataFolder
    }

    /// The keys of `BHAV_API_KEYS` and of the key file.
    private static func keys(_ settings: Settings, dataFolder: String) throws(ConfigurationError) -> [APIKey] {
        let plain = settings.list("BHAV_API_KEYS").compactMap(APIKey.init)
        let file = try settings.readableFile("BHAV_KEYS_FILE") ?? "\(dataFolder)/keys"
        return plain + (try KeyFile(path: file).keys())
    }

    /// The key file of these settings, which need not exist yet.
    /// - Throws: `ConfigurationError` for a `.env` file that cannot be read.
    public static func keyFile(
        environment: [String: String], dotEnvPath: String
    ) throws(ConfigurationError) -> KeyFile {
        let settings = try Settings(options: [:], environment: environment, dotEnvPath: dotEnvPath)
        let folder = settings.text("BHAV_DATA") ?? usualDataFolder(settings)
        return KeyFile(path: settings.text("BHAV_KEYS_FILE") ?? "\(folder)/keys")
    }

    private mutating func readSources(_ settings: Settings) throws(ConfigurationError) {
        let webSocket = ["wss", "ws"]
        let web = ["https", "http"]
        tradingView.socketURL = try settings.address("TRADINGVIEW_URL", webSocket, default: tradingView.socketURL)
        tradingView.webURL = try settings.address("TRADINGVIEW_WEB_URL", web, default: tradingView.webURL)
        tradingView.searchURL = try settings.address("TRADINGVIEW_SEARCH_URL", web, default: tradingView.searchURL)
        // A simulator or a proxy plays both on one address.
        let isSearchMoved = settings.text("TRADINGVIEW_SEARCH_URL") != nil
        tradingView.scannerURL = try settings.address(
            "TRADINGVIEW_SCANNER_URL", web,
            default: isSearchMoved ? tradingView.searchURL : tradingView.scannerURL)
        tradingView.signIn = try AppConfiguration.signIn(settings)
        trendlyne.baseURL = try settings.address("TRENDLYNE_URL", web, default: trendlyne.baseURL)
        nse.baseURL = try settings.address("NSE_URL", web, default: nse.baseURL)
        // A substitute for the site also serves its archive, unless that has its own address.
        let isSiteMoved = settings.text("NSE_URL") != nil
        nse.archivesURL = try settings.address(
            "NSE_ARCHIVES_URL", web, default: isSiteMoved ? nse.baseURL : nse.archivesURL)
    }

    private static func signIn(_ settings: Settings) throws(ConfigurationError) -> TradingViewSignIn {
        if let token = settings.text("TV_AUTH_TOKEN") { return .token(Secret(token)) }
        if let session = settings.text("TV_SESSION_ID") {
            return .cookies(sessionID: Secret(session), signature: settings.text("TV_SESSION_SIGN").map(Secret.init))
        }
        if settings.text("TV_SESSION_SIGN") != nil {
            throw ConfigurationError("TV_SESSION_SIGN", "needs TV_SESSION_ID, the cookie that it signs")
        }
        return try password(settings)
    }

    private static func password(_ settings: Settings) throws(ConfigurationError) -> TradingViewSignIn {
        let (username, password) = (settings.text("TV_USERNAME"), settings.text("TV_PASSWORD"))
        let totp = settings.text("TV_TOTP")
        if let username, let password {
            return .password(username: username, password: Secret(password), totp: totp.map(Secret.init))
        }
        // Falling back to anonymous here would hand out other data than the user thinks.
        if username != nil { throw ConfigurationError("TV_USERNAME", "needs TV_PASSWORD") }
        if password != nil { throw ConfigurationError("TV_PASSWORD", "needs TV_USERNAME") }
        if totp != nil { throw ConfigurationError("TV_TOTP", "needs TV_USERNAME and TV_PASSWORD") }
        return .anonymous
    }

    private static func recorded(_ settings: Settings) throws(ConfigurationError) -> [Symbol] {
        var symbols: [Symbol] = []
        for name in settings.list("BHAV_RECORD") {
            do {
                let symbol = try SymbolBook.symbol(name)
                if !symbols.contains(symbol) { symbols.append(symbol) }
            } catch { throw ConfigurationError("BHAV_RECORD", error.message) }
        }
        return symbols
    }

    private static func usualDataFolder(_ settings: Settings) -> String {
        if let shared = settings.text("XDG_DATA_HOME") { return "\(shared)/bhav" }
        return FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".local/share/bhav").path
    }
}
