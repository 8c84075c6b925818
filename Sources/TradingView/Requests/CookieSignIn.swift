import Foundation
import MarketData
import SourceHTTP

/// Fetches a signed-in page of TradingView with the cookies of a browser, and the token out of it.
struct CookieSignIn {
    let webURL: String
    let reader: WebConnection

    private static let mostRedirects = 5

    /// The token of the account that the cookies belong to.
    ///
    /// TradingView sends accounts on to the site of their country; the cookies are sent along, but to no other domain.
    /// - Throws: `MarketDataError`, `signInRefused` where the page has no token.
    func token(sessionID: Secret, signature: Secret?) async throws -> AuthToken {
        guard let home = URL(string: webURL), let host = home.host() else {
            throw MarketDataError.badRequest("the web address '\(webURL)' is not an address")
        }
        var cookie = "sessionid=\(sessionID.exposed)"
        if let signature { cookie += "; sessionid_sign=\(signature.exposed)" }
        var address = home.appending(path: "/")
        for _ in 0...CookieSignIn.mostRedirects {
            let response = try await reader.get(address, headers: [("Cookie", cookie)])
            if let next = CookieSignIn.next(after: response, requestedAt: address) {
                guard CookieSignIn.isTrusted(next, host: host) else {
                    throw refusal("the web page sends us on to \(next.host() ?? "nowhere"), which gets no cookies")
                }
                address = next
                continue
            }
            return try token(in: response, hasSignature: signature != nil)
        }
        throw refusal("the web page sends us in circles")
    }

    private func token(in response: SourceResponse, hasSignature: Bool) throws -> AuthToken {
        if response.status == 429 {
            throw MarketDataError(
                .throttled, "TradingView's web page is rate limited", source: .tradingview,
                recovery: .retry(afterSeconds: response.retryAfterSeconds ?? 60))
        }
        guard response.status == 200 else {
            throw MarketDataError(
                response.status >= 500 ? .upstreamUnavailable : .signInRefused,
                "TradingView's web page returned status \(response.status)", source: .tradingview,
                recovery: response.retryAfterSeconds.map { .retry(afterSeconds: $0) })
        }
        if let token = AuthToken(inPage: response.body) {
            guard token.isOfAccount else { throw SignInFailure.ofToken(from: "TradingView's web page") }
            return token
        }
        throw refusal(
            hasSignature
                ? "the web page holds no token: the cookies have expired or the page has changed; sign in with a browser "
                    + "and give its new cookies"
                : "the web page holds no token: TradingView wants the cookie sessionid_sign beside sessionid")
    }

    /// Where to send the cookies next, which an HTTP client drops when it follows to another host by itself.
    static func next(after response: SourceResponse, requestedAt address: URL) -> URL? {
        if response.isRedirect, let location = response.location {
            return URL(string: location, relativeTo: address)?.absoluteURL
        }
        // An HTTP client that follows redirects by itself ends at another address.
        let reached = response.address.flatMap { URL(string: $0) } ?? address
        return reached.host() == address.host() ? nil : reached
    }

    static func isTrusted(_ address: URL, host: String) -> Bool {
        guard let next = address.host()?.lowercased() else { return false }
        if next == host.lowercased() { return true }
        let isTradingView = next == "tradingview.com" || next.hasSuffix(".tradingview.com")
        return isTradingView && address.scheme == "https"
    }

    private func refusal(_ reason: String) -> MarketDataError {
        MarketDataError(.signInRefused, "sign-in with cookies failed: \(reason)", source: .tradingview)
    }
}

/// The cookies that a sign-in sets, so far as signing in needs them.
struct SignInCookies: Sendable {
    private var values: [String: Secret] = [:]

    /// TradingView sets about ten; more than this is not kept.
    private static let mostCookies = 50

    /// Takes `Set-Cookie` headers: the name and the value, without the attributes.
    mutating func take(_ headers: [String]) {
        for header in headers {
            let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, values.count < SignInCookies.mostCookies else { continue }
            values[String(pair[0].filter { $0 != " " })] = Secret(String(pair[1]))
        }
    }

    /// What to send in `Cookie`; `nil` without any.
    var header: Secret? {
        guard !values.isEmpty else { return nil }
        return Secret(values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.exposed)" }.joined(separator: "; "))
    }

    /// The cookies that tokens are fetched with.
    var session: (sessionID: Secret, signature: Secret)? {
        guard let session = values["sessionid"], let signature = values["sessionid_sign"] else { return nil }
        return (session, signature)
    }
}
