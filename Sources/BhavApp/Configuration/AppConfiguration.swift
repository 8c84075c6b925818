public import Logging
public import MarketData
public import MarketServer
public import MockMarket
public import NSE
public import TradingView
public import Trendlyne

/// Everything that can be set, with its defaults. `init(options:environment:dotEnvPath:)` fills it.
public struct AppConfiguration: Sendable {
    /// Whether the mock market answers, and nothing else.
    public var useMockData = false
    /// What the mock market is made of.
    public var mockSeed: UInt64 = 1
    /// When the mock market trades.
    public var mockHours = MockMarket.Hours.always
    /// How the server listens.
    public var server = MarketServerConfiguration()
    /// Where TradingView is and as whom it is asked.
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
    /// The server that commands ask instead of the sources; `nil` for none.
    public var runningServer: RunningServer?
    /// The form of a server's log.
    public var logFormat = ServerLogHandler.Format.text
    /// How much is logged.
    public var logLevel = Logger.Level.info

    /// The defaults, with a folder for data.
    public init(dataFolder: String) { self.dataFolder = dataFolder }
}
