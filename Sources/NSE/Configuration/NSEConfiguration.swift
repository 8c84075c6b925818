public import SourceHTTP

/// Where NSE's web site is and how it is asked; the defaults are the real address and a careful pace.
public struct NSEConfiguration: Hashable, Sendable {
    /// Scheme, host and port; the paths are ours.
    public var baseURL: String
    /// The same of the archive of daily files, which is another host.
    public var archivesURL: String
    /// The browser that we ask as; its version must be that of the `sec-ch-ua` headers sent beside it.
    public var browser: Browser
    /// The time that one question may take, with every request it needs and the wait for its turn.
    public var timeout: Duration
    /// How often the site may be asked.
    public var pace: RateLimit
    /// How long the cookies of one visit serve before the page is visited anew.
    public var cookieLifetime: Duration
    /// How long the answer to the same question is given again without asking, in the session.
    public var answerLifetime: Duration
    /// The same while the market is shut, when the site repeats the closing picture.
    public var answerLifetimeWhenShut: Duration

    /// A configuration; the real NSE, unless said otherwise.
    public init(
        baseURL: String = NSEConfiguration.realBaseURL,
        archivesURL: String = NSEConfiguration.realArchivesURL,
        browser: Browser = Browser(),
        timeout: Duration = .seconds(20),
        pace: RateLimit = .nse,
        cookieLifetime: Duration = .seconds(900),
        answerLifetime: Duration = .seconds(60),
        answerLifetimeWhenShut: Duration = .seconds(600)
    ) {
        self.baseURL = baseURL
        self.archivesURL = archivesURL
        self.browser = browser
        self.timeout = timeout
        self.pace = pace
        self.cookieLifetime = cookieLifetime
        self.answerLifetime = answerLifetime
        self.answerLifetimeWhenShut = answerLifetimeWhenShut
    }

    /// The address of the real site.
    public static let realBaseURL = "https://www.nseindia.com"

    /// The address of the real archive.
    public static let realArchivesURL = "https://nsearchives.nseindia.com"
}
