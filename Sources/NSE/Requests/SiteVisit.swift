import MarketData
import SourceHTTP

/// The visit to the site that its responses depend on: a page is opened for its cookies before any request, and once
/// more when the site rejects us, after which the request is sent once more.
///
/// It has no clock and sends nothing; events come in and actions go out.
struct SiteVisit: Hashable, Sendable {
    /// What to do next.
    enum Action: Hashable {
        /// Open the page, then report to `opened`.
        case openPage
        /// Send the request with this Cookie header, then call `responded`.
        case send(cookies: String?)
        /// The received response is the one to read.
        case deliver
    }

    private let lifetime: Duration
    private var cookies = CookieJar()
    private var openedAt: Timestamp?
    private var hasRetried = false

    init(lifetime: Duration) { self.lifetime = lifetime }

    /// A request is about to be sent.
    mutating func begin(at now: Timestamp) -> Action {
        hasRetried = false
        if isFresh(at: now) { return send }
        forget()
        return .openPage
    }

    /// The request for the page ended. A 403 is ignored: it sets cookies too, and the site has been
    /// seen to respond after it.
    mutating func opened(setCookies: [String], at now: Timestamp) -> Action {
        for header in setCookies { cookies.take(header) }
        openedAt = now
        return send
    }

    /// The response was received.
    mutating func responded(status: Int, setCookies: [String], at now: Timestamp) -> Action {
        guard status == 401 || status == 403 else {
            for header in setCookies { cookies.take(header) }
            return .deliver
        }
        forget()
        guard !hasRetried else { return .deliver }
        hasRetried = true
        return .openPage
    }

    private var send: Action { .send(cookies: cookies.header) }

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

/// The cookies of one site, from its Set-Cookie headers (RFC 6265, section 5.2). Bounded.
///
/// They are sent back to the one host that set them, so domain, path and lifetime are left aside; the whole jar is
/// thrown away when a visit is over.
struct CookieJar: Hashable, Sendable {
    private var values: [String: String] = [:]

    var isEmpty: Bool { values.isEmpty }

    /// Takes one Set-Cookie header; an empty value or a Max-Age of 0 takes the cookie away.
    mutating func take(_ header: String) {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false).map(CookieJar.trimmed)
        guard let pair = parts.first, let equals = pair.firstIndex(of: "="), pair.utf8.count <= CookieJar.longest
        else { return }
        let name = String(CookieJar.trimmed(pair[..<equals]))
        let value = String(CookieJar.trimmed(pair[pair.index(after: equals)...]))
        guard !name.isEmpty, (name + value).unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) }) else {
            return
        }
        let isOver = parts.dropFirst().contains { part in
            let attribute = part.lowercased()
            return attribute == "max-age=0" || attribute.hasPrefix("max-age=-")
        }
        if value.isEmpty || isOver {
            values[name] = nil
        } else if values[name] != nil || values.count < CookieJar.most {
            values[name] = value
        }
    }

    /// The Cookie header; `nil` for none.
    var header: String? {
        guard !values.isEmpty else { return nil }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }

    private static let most = 64
    private static let longest = 8192

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
