public import WebSocketTransport

/// TradingView's addresses, the sign-in and the deadlines. The defaults are the real addresses.
public struct TradingViewConfiguration: Sendable {
    /// The WebSocket server: scheme, host and port.
    public var socketURL: String
    /// The server of paid accounts, which alone gives them more than 5,000 bars; it is tried first where the token names
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
    /// How to sign in.
    public var signIn: TradingViewSignIn
    /// How long things may take.
    public var deadlines: TradingViewDeadlines
    /// How many bars one call requests; TradingView gives at most about 5,000.
    public var pageSize: Int
    /// How many chart and quote sessions are made on one connection before it is replaced; TradingView refuses about
    /// the two hundredth.
    public var sessionsPerConnection: Int
    /// How many studies are made on one connection, for the dates of rolls; without one, bars are given alone.
    public var studiesPerConnection: Int
    /// How many requests for bars may wait at once; one more is refused as `overloaded`.
    public var concurrentRequests: Int
    /// Receives each packet, shortened and without secrets; `nil` for no trace.
    public var trace: (@Sendable (String) -> Void)?
    /// Which certificate authorities the WebSocket trusts; by default the system's and those of `SSL_CERT_FILE`.
    public var trust: WebSocketTrust

    /// The server for accounts without a plan.
    public static let freeSocketURL = "wss://data.tradingview.com"
    private static let realPaidSocketURL = "wss://prodata.tradingview.com"

    /// The servers to try for a token, best first. A configured server replaces both.
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
        concurrentRequests = 1000
    }
}

/// How long operations may take before they fail.
public struct TradingViewDeadlines: Hashable, Sendable {
    /// From the first byte to an open WebSocket.
    public var connect: Duration = .seconds(6)
    /// Without any data for a request; heartbeats do not count.
    public var progress: Duration = .seconds(20)
    /// Without any data for a live series that is loaded again after a break.
    public var reload: Duration = .seconds(10)
    /// From the request for bars to the last of them, however many pages that takes.
    public var total: Duration = .seconds(120)
    /// Without anything from the server, heartbeats included, before a connection is considered broken.
    ///
    /// TradingView sends a heartbeat every 5 to 10 seconds.
    public var silence: Duration = .seconds(25)
    /// Without any data of live feeds, on a connection on which heartbeats go on, before the server is probed to see whether it
    /// still responds. Where no response comes within `probe`, the connection is replaced. A single series is given twice the
    /// time.
    public var stall: Duration = .seconds(12)
    /// For the response that shows whether a connection or a series lives.
    public var probe: Duration = .seconds(8)
    /// From an unreadable packet to the next one that continues the response, before the bars are requested again.
    public var doubt: Duration = .seconds(2)
    /// For the dates of a continuous future's rolls, once all its bars are there; without them the bars are given alone.
    public var rolls: Duration = .seconds(3)
    /// For one HTTP request: search, sign-in.
    public var http: Duration = .seconds(15)
    /// For finding suggestions once a symbol was not found.
    public var suggestions: Duration = .milliseconds(700)

    /// The usual deadlines.
    public init() {}
}

/// How to sign in.
public enum TradingViewSignIn: Hashable, Sendable {
    /// Without an account: free data, delayed where the exchange demands it.
    case anonymous
    /// With a token (a JWT) that was had elsewhere.
    case token(Secret)
    /// With the cookies `sessionid` and `sessionid_sign` of a signed-in browser, from which a token is fetched.
    case cookies(sessionID: Secret, signature: Secret?)
    /// With a name and password, the last resort: TradingView mostly requires a captcha.
    ///
    /// `totp` is the secret of the account's authenticator app in base32, or six digits for one sign-in.
    case password(username: String, password: Secret, totp: Secret?)
}

/// A text that must not be seen: a token or a cookie. However it is printed, it reads `<secret>`.
public struct Secret: Hashable, Sendable {
    /// The text itself, for the one place that has to send it.
    public let exposed: String

    /// Hides a text.
    public init(_ text: String) { exposed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<secret>`.
    public var description: String { "<secret>" }

    /// `<secret>`.
    public var debugDescription: String { "<secret>" }

    /// Shows `dump` nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
