public import WebSocketTransport

/// Where TradingView is, as whom it is asked, and how long it may take. The defaults are the real addresses.
public struct TradingViewConfiguration: Sendable {
    /// The WebSocket server: scheme, host and port.
    public var socketURL: String
    /// The server of paid accounts, which alone gives them more than 5,000 bars; it is asked first where the token names
    /// a plan. `nil`: `socketURL` for all.
    public var paidSocketURL: String?
    /// The web site, for signing in.
    public var webURL: String
    /// The symbol search.
    public var searchURL: String
    /// The scanner, which is searched where the symbol search refuses us.
    public var scannerURL: String
    /// What the `Origin` header says; TradingView checks it.
    public var origin: String
    /// The path and query of the WebSocket. Without `type=chart` TradingView refuses studies.
    public var socketPath: String
    /// As whom TradingView is asked.
    public var signIn: TradingViewSignIn
    /// How long things may take.
    public var deadlines: TradingViewDeadlines
    /// How many bars one call asks for; TradingView gives at most about 5,000.
    public var pageSize: Int
    /// How many chart and quote sessions are made on one connection before it is replaced; TradingView refuses about
    /// the two hundredth.
    public var sessionsPerConnection: Int
    /// How many studies are made on one connection, for the dates of rolls; without one, bars are given alone.
    public var studiesPerConnection: Int
    /// How many questions for bars may wait at once; one more is refused as `overloaded`.
    public var questionsAtOnce: Int
    /// Is told each packet, shortened and without secrets; `nil` where nobody looks.
    public var trace: (@Sendable (String) -> Void)?
    /// Which certificate authorities the WebSocket trusts; by default the system's and those of `SSL_CERT_FILE`.
    public var trust: WebSocketTrust

    /// The server that everybody may ask.
    public static let freeSocketURL = "wss://data.tradingview.com"
    private static let realPaidSocketURL = "wss://prodata.tradingview.com"

    /// The servers to try for a token, best first. One that was put in the real one's place stands for both.
    func socketURLs(for token: AuthToken) -> [String] {
        let paid = paidSocketURL ?? (socketURL == Self.freeSocketURL ? Self.realPaidSocketURL : nil)
        guard token.hasPlan, let paid, paid != socketURL else { return [socketURL] }
        return [paid, socketURL]
    }

    /// A configuration; of the real TradingView, anonymous, unless said otherwise.
    public init(
        socketURL: String = TradingViewConfiguration.freeSocketURL,
        webURL: String = "https://www.tradingview.com",
        searchURL: String = "https://symbol-search.tradingview.com",
        scannerURL: String = "https://scanner.tradingview.com",
        signIn: TradingViewSignIn = .anonymous,
        trust: WebSocketTrust = .environment()
    ) {
        self.socketURL = socketURL
        self.webURL = webURL
        self.searchURL = searchURL
        self.scannerURL = scannerURL
        self.signIn = signIn
        self.trust = trust
        origin = "https://www.tradingview.com"
        socketPath = "/socket.io/websocket?from=chart%2F&type=chart"
        deadlines = TradingViewDeadlines()
        pageSize = 5000
        sessionsPerConnection = 150
        studiesPerConnection = 100
        questionsAtOnce = 1000
    }
}
