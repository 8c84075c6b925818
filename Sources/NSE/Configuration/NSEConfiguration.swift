public import SourceHTTP

/// The addresses of NSE's web site and the rate limits; the defaults are the real addresses and careful limits.
public struct NSEConfiguration: Hashable, Sendable {
    /// Scheme, host and port; the paths are ours.
    public var baseURL: String
    /// The same of the archive of daily files, which is another host.
    public var archivesURL: String
    /// The browser that requests claim to be from; its version must be that of the `sec-ch-ua` headers sent beside it.
    public var browser: Browser
    /// The time that one query may take, with every request it needs and the wait for its turn.
    public var timeout: Duration
    /// The rate limit of requests to the site.
    public var rateLimit: RateLimit
    /// How long the cookies of one visit serve before the page is visited again.
    public var cookieLifetime: Duration
    /// How long the response to the same query is served from the cache, in the session.
    public var cacheLifetime: Duration
    /// The same while the market is closed, when the site repeats the closing picture.
    public var cacheLifetimeWhenClosed: Duration

    /// A configuration; the real NSE, unless said otherwise.
    public init(
        baseURL: String = NSEConfiguration.realBaseURL,
        archivesURL: String = NSEConfiguration.realArchivesURL,
        browser: Browser = Browser(),
        timeout: Duration = .seconds(20),
        rateLimit: RateLimit = .nse,
        cookieLifetime: Duration = .seconds(900),
        cacheLifetime: Duration = .seconds(60),
        cacheLifetimeWhenClosed: Duration = .seconds(600)
    ) {
        self.baseURL = baseURL
        self.archivesURL = archivesURL
        self.browser = browser
        self.timeout = timeout
        self.rateLimit = rateLimit
        self.cookieLifetime = cookieLifetime
        self.cacheLifetime = cacheLifetime
        self.cacheLifetimeWhenClosed = cacheLifetimeWhenClosed
    }

    /// The address of the real site.
    public static let realBaseURL = "https://www.nseindia.com"

    /// The address of the real archive.
    public static let realArchivesURL = "https://nsearchives.nseindia.com"
}

extension RateLimit {
    /// The rate limit for NSE's site. Programs that live with it send one to three requests a second and stop for two
    /// minutes after five failures.
    public static let nse = RateLimit(
        gap: .seconds(1), failuresBeforeCooldown: 5, cooldownAfterFailure: .seconds(120),
        longestCooldown: .seconds(120), cooldownAfterRefusal: .seconds(120), cooldownAfterTooMany: .seconds(60)
    )
}

/// The browser that we present ourselves as: the site's bot guard refuses a request without a browser's full headers.
public struct Browser: Hashable, Sendable {
    /// The major version of Chrome.
    public var chromeVersion: Int

    /// A browser of one version.
    public init(chromeVersion: Int = 131) { self.chromeVersion = chromeVersion }

    /// The User-Agent.
    public var userAgent: String {
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            + "Chrome/\(chromeVersion).0.0.0 Safari/537.36"
    }

    /// What every request of the browser carries.
    private var identity: [(name: String, value: String)] {
        [
            ("User-Agent", userAgent),
            ("Accept-Language", "en-US,en;q=0.9"),
            ("Accept-Encoding", "gzip, deflate"),
            (
                "sec-ch-ua",
                "\"Chromium\";v=\"\(chromeVersion)\", \"Google Chrome\";v=\"\(chromeVersion)\", \"Not_A Brand\";v=\"24\""
            ),
            ("sec-ch-ua-mobile", "?0"),
            ("sec-ch-ua-platform", "\"Linux\""),
        ]
    }

    /// The headers of opening a page by its address.
    var pageHeaders: [(name: String, value: String)] {
        identity + [
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
            ("Upgrade-Insecure-Requests", "1"),
            ("Sec-Fetch-Dest", "document"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Site", "none"),
            ("Sec-Fetch-User", "?1"),
        ]
    }

    /// The headers of a request that a page's script makes.
    func scriptHeaders(on page: String) -> [(name: String, value: String)] {
        identity + [
            ("Accept", "*/*"),
            ("Referer", page),
            ("X-Requested-With", "XMLHttpRequest"),
            ("Sec-Fetch-Dest", "empty"),
            ("Sec-Fetch-Mode", "cors"),
            ("Sec-Fetch-Site", "same-origin"),
        ]
    }
}
