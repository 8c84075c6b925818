import Foundation
import HTTPTypes
import MarketData
import Synchronization

/// Who may send requests: the keys, the accepted hosts, and the origins whose pages may call.
struct AccessPolicy: Sendable {
    var keys: [APIKey] = []
    var origins: [String] = []
    /// The host names, beside those of loopback, that a server without keys accepts; lower case.
    var hosts: Set<String> = []

    /// Whether the server accepts this `Host`. Without keys only names of this machine count: a page of another site
    /// that makes its own name resolve to 127.0.0.1 (DNS rebinding) sends that name. With keys the key decides.
    func isKnownHost(_ authority: String?) -> Bool {
        guard keys.isEmpty else { return true }
        guard let name = AccessPolicy.hostName(authority) else { return false }
        return AccessPolicy.loopback.contains(name) || hosts.contains(name)
    }

    /// Whether a page of this origin may read the responses; no origin means no browser, or the server's own page.
    func allows(origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        if origins.contains(origin) { return true }
        let parts = origin.split(separator: "://", maxSplits: 1)
        guard isKnownHost(host), let host, parts.count == 2 else { return false }
        let (scheme, authority) = (parts[0], parts[1])
        return ["http", "https"].contains(scheme) && authority.lowercased() == host.lowercased()
    }

    /// The key that the request shows: `Authorization: Bearer KEY`, `X-API-Key: KEY`, or `?key=KEY`, which is all that a
    /// browser's WebSocket can send.
    /// - Throws: `MarketDataError` with code `unauthorized`.
    func key(of request: HTTPRequest, query: String?, now: Timestamp) throws(MarketDataError) -> APIKey? {
        let header = HTTPField.Name.apiKey.flatMap { request.headerFields[$0] }
        let shown = [bearer(request.headerFields[.authorization]), header, queryKey(query)].compactMap { $0 }
        return try key(shown: shown, now: now)
    }

    /// The key among these texts; `nil` where there are no keys at all.
    /// - Throws: `MarketDataError` with code `unauthorized`.
    func key(shown: [String], now: Timestamp) throws(MarketDataError) -> APIKey? {
        guard !keys.isEmpty else { return nil }
        for text in shown where text.utf8.count <= APIKey.longest {
            let digest = KeyDigest.of(text)
            // Every key is compared, so that the time does not reveal which one was close.
            let found = keys.reduce(APIKey?.none) { found, key in key.matches(digest: digest) ? key : found }
            guard let found else { continue }
            guard found.expires.map({ now < $0 }) ?? true else {
                throw MarketDataError(.unauthorized, "the key '\(found.name)' has expired")
            }
            return found
        }
        throw MarketDataError(
            .unauthorized, "a key is needed; send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'")
    }

    /// The name in `Host` without its port, lower case; `nil` if it is not a host with an optional port.
    static func hostName(_ authority: String?) -> String? {
        guard var name = authority?.lowercased()[...], !name.isEmpty, name.utf8.count <= 300 else { return nil }
        if name.hasPrefix("[") {
            guard let end = name.firstIndex(of: "]") else { return nil }
            let rest = name[name.index(after: end)...]
            guard rest.isEmpty || isPort(rest) else { return nil }
            return String(name[...end])
        }
        if let colon = name.firstIndex(of: ":") {
            guard isPort(name[colon...]) else { return nil }
            name = name[..<colon]
        }
        // A closing dot names the root of DNS, and so the same host.
        return String(name.hasSuffix(".") ? name.dropLast() : name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static let loopback: Set = ["localhost", "127.0.0.1", "[::1]"]

    private func bearer(_ header: String?) -> String? {
        guard let header, header.lowercased().hasPrefix("bearer ") else { return nil }
        return header.dropFirst(7).description.trimmed
    }

    private func queryKey(_ query: String?) -> String? {
        let pair = query?.split(separator: "&").first { $0.hasPrefix("key=") }
        return pair?.dropFirst(4).description.removingPercentEncoding
    }
}

/// The access policy in force; it can be replaced while the server runs.
final class AccessControl: Sendable {
    private let current: Mutex<AccessPolicy>

    init(_ policy: AccessPolicy, limiter: RateLimiter? = nil) {
        current = Mutex(policy)
        self.limiter = limiter
    }

    var policy: AccessPolicy { current.withLock { $0 } }

    /// The sessions of browsers that signed in.
    let sessions = LoginSessions()
    /// How many requests a caller may make; `nil` for any number.
    let limiter: RateLimiter?

    static let cookieName = "bhav_session"

    func replace(_ policy: AccessPolicy) { current.withLock { $0 = policy } }

    /// The key that a request shows, itself or by the cookie of a browser that signed in; `nil` where there are no keys.
    /// - Throws: `MarketDataError` with code `unauthorized`.
    func key(of request: HTTPRequest, query: String?, now: Timestamp) throws(MarketDataError) -> APIKey? {
        let policy = policy
        if !policy.keys.isEmpty, let token = AccessControl.sessionToken(of: request),
            let name = sessions.keyName(of: token, now: now),
            let key = policy.keys.first(where: { $0.name == name && ($0.expires.map { now < $0 } ?? true) })
        {
            return key
        }
        return try policy.key(of: request, query: query, now: now)
    }

    /// Counts a request of a caller, by key or else by address.
    /// - Throws: `throttled`, with the time to wait.
    func admit(_ caller: String?) throws(MarketDataError) {
        guard let caller, let seconds = limiter?.take(caller) else { return }
        throw MarketDataError(
            .throttled, "too many requests; try again in \(seconds) s", recovery: .retry(afterSeconds: seconds))
    }

    static func sessionToken(of request: HTTPRequest) -> String? {
        for header in request.headerFields[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, String(parts[0]).trimmed == cookieName { return String(parts[1]).trimmed }
            }
        }
        return nil
    }
}

extension HTTPField.Name {
    fileprivate static let apiKey = HTTPField.Name("x-api-key")
}
