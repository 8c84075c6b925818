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
