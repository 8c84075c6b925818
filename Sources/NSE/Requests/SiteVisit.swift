import MarketData
import SourceHTTP

/// The visit to the site that its answers depend on: a page is opened for its cookies before anything is asked, and once
/// more when the site refuses, after which the question is asked one more time.
///
/// It has no clock and sends nothing; events come in and actions go out.
struct SiteVisit: Hashable, Sendable {
    /// What to do next.
    enum Action: Hashable {
        /// Open the page, and tell `opened`.
        case openPage
        /// Ask the question with this Cookie header, and tell `answered`.
        case ask(cookies: String?)
        /// The answer that came is the one to read.
        case deliver
    }

    private let lifetime: Duration
    private var cookies = CookieJar()
    private var openedAt: Timestamp?
    private var hasRetried = false

    init(lifetime: Duration) { self.lifetime = lifetime }

    /// A question is about to be asked.
    mutating func begin(at now: Timestamp) -> Action {
        hasRetried = false
        if isFresh(at: now) { return ask }
        forget()
        return .openPage
    }

    /// The page came, or did not. A page refused with 403 is no obstacle: it brings cookies too, and the site has been
    /// seen to answer after it.
    mutating func opened(setCookies: [String], at now: Timestamp) -> Action {
        for header in setCookies { cookies.take(header) }
        openedAt = now
        return ask
    }

    /// The question was answered.
    mutating func answered(status: Int, setCookies: [String], at now: Timestamp) -> Action {
        guard status == 401 || status == 403 else {
            for header in setCookies { cookies.take(header) }
            return .deliver
        }
        forget()
        guard !hasRetried else { return .deliver }
        hasRetried = true
        return .openPage
    }

    private var ask: Action { .ask(cookies: cookies.header) }

    private func isFresh(at now: Timestamp) -> Bool {
        guard let openedAt else { return false }
        let age = now.milliseconds - openedAt.milliseconds
        return age >= 0 && age < lifetime.wholeMilliseconds
    }

    private mutating func forget() {
        cookies = CookieJar()
        openedAt = nil
    }
}
