import Foundation
public import Logging
public import MarketData
import MarketFormats
public import MarketServer
public import MockMarket
public import NSE
public import TradingView
public import Trendlyne

/// Everything that can be set, with its defaults. `init(options:environment:dotEnvPath:)` fills it.
public struct AppConfiguration: Sendable {
    /// Whether the mock market replaces all sources.
    public var useMockData = false
    /// What the mock market is made of.
    public var mockSeed: UInt64 = 1
    /// When the mock market trades.
    public var mockHours = MockMarket.Hours.always
    /// How the server listens.
    public var server = MarketServerConfiguration()
    /// The address of TradingView and the sign-in.
    public var tradingView = TradingViewConfiguration()
    /// Where Trendlyne is.
    public var trendlyne = TrendlyneConfiguration()
    /// Where NSE is.
    public var nse = NSEConfiguration()
    /// The folder of the database and of recordings.
    public var dataFolder: String
    /// Whose open interest the server records through each session.
    public var recorded: [Symbol] = []
    /// Certificate authorities trusted beside the system's; `nil` for none.
    public var certificateFile: String?
    /// Holidays, hours, expiries and lots by date, with a calendar file over those built in; `installCalendar` puts them
    /// in force.
    public var exchangeTables = ExchangeTables.builtIn
    /// The running server that reading commands use instead of the sources; `nil` for none.
    public var runningServer: RunningServer?
    /// The form of a server's log.
    public var logFormat = ServerLogHandler.Format.text
    /// How much is logged.
    public var logLevel = Logger.Level.info

    /// The defaults, with a folder for data.
    public init(dataFolder: String) { self.dataFolder = dataFolder }
}

extension AppConfiguration {
    /// The same for a server, which does not use another one.
    public func serving() -> AppConfiguration {
        var copy = self
        copy.runningServer = nil
        return copy
    }

    /// The settings that matter for reaching the sources, a line each, without secrets.
    public var summary: [String] {
        if useMockData { return ["the mock market, seed \(mockSeed): every number is SIMULATED"] }
        return [
            "TradingView: \(tradingView.socketURL), signed in: \(tradingView.signIn.words)",
            "TradingView's search: \(tradingView.searchURL)", "Trendlyne: \(trendlyne.baseURL)", "NSE: \(nse.baseURL)",
            "NSE's archive: \(nse.archivesURL)",
        ]
    }

    /// The address that a browser finds the server at, once it listens on a port.
    public func address(port: Int) -> String {
        let host = server.host.contains(":") && !server.host.hasPrefix("[") ? "[\(server.host)]" : server.host
        return "\(server.certificate == nil ? "http" : "https")://\(host):\(port)/"
    }
}

extension TradingViewSignIn {
    /// How, without the secrets.
    fileprivate var words: String {
        switch self {
        case .anonymous: "no (anonymous)"
        case .token: "with a token"
        case .password(_, _, let totp): totp == nil ? "with a password" : "with a password and an authenticator's code"
        case .cookies(_, let signature): signature == nil ? "with a cookie, without its signature" : "with cookies"
        }
    }
}

extension AppConfiguration {
    /// `host:port` of every source that is not at its built-in address; the mock market has none.
    var movedSources: [Provenance.Source: String] {
        guard !useMockData else { return [:] }
        let pairs: [(Provenance.Source, String, String)] = [
            (.tradingview, tradingView.socketURL, TradingViewConfiguration().socketURL),
            (.trendlyne, trendlyne.baseURL, TrendlyneConfiguration().baseURL),
            (.nse, nse.baseURL, NSEConfiguration().baseURL),
        ]
        let moved = pairs.filter { $0.1 != $0.2 }
        return Dictionary(uniqueKeysWithValues: moved.map { ($0.0, AppConfiguration.hostAndPort($0.1)) })
    }

    /// Marks every number of a moved source with its address, for the whole process.
    func installAddresses() { SourceAddresses.install(movedSources) }

    static func hostAndPort(_ address: String) -> String {
        guard let parts = URLComponents(string: address), let host = parts.host else { return address }
        let isSecure = parts.scheme == "https" || parts.scheme == "wss"
        return "\(host):\(parts.port ?? (isSecure ? 443 : 80))"
    }
}

extension AppConfiguration {
    /// The exchange tables with a calendar file over them: the one that `BHAV_CALENDAR` names, or `calendar.json` in the
    /// data folder where there is one (docs/calendar.md).
    /// - Throws: `ConfigurationError`, naming the file and the line or key at fault.
    static func exchangeTables(_ settings: Settings, dataFolder: String) throws(ConfigurationError) -> ExchangeTables {
        let usual = "\(dataFolder)/calendar.json"
        let named = try settings.readableFile("BHAV_CALENDAR")
        guard let path = named ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil) else { return .builtIn }
        guard let data = FileManager.default.contents(atPath: path), data.count <= largestCalendar else {
            throw ConfigurationError("BHAV_CALENDAR", "the file '\(path)' cannot be read, or is larger than 1 MB")
        }
        // At most four bytes a character, so never too large to be decoded.
        let text = (try? ImportText.utf8(Array(data))) ?? []
        do throws(CalendarFileError) {
            return try ExchangeTables.builtIn.overlaid(with: CalendarFile(json: text))
        } catch {
            throw ConfigurationError("BHAV_CALENDAR", "the calendar file '\(path)', \(error)")
        }
    }

    /// Puts the exchange tables in force, for the whole process; to be called before anything is made that has a calendar.
    public func installCalendar() { ExchangeTables.install(exchangeTables) }

    private static let largestCalendar = 1 << 20
}
