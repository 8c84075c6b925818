import Foundation
import Logging
import MarketData

/// Gives the token for a connection. A sign-in that fails is an error, never a silent fall to anonymous.
actor TokenSource {
    private let signIn: TradingViewSignIn
    private let pages: CookiePages
    private var fetched: AuthToken?

    init(configuration: TradingViewConfiguration, reader: WebReader) {
        signIn = configuration.signIn
        pages = CookiePages(webURL: configuration.webURL, reader: reader)
    }

    /// The token to use now; one fetched with cookies is kept until a minute before it expires.
    /// - Throws: `MarketDataError`, `signInRefused` where the account is at fault.
    func token(at now: Timestamp) async throws -> AuthToken {
        switch signIn {
        case .anonymous: return .anonymous
        case .token(let secret):
            let token = AuthToken(secret: secret)
            if let expiry = token.expiry, expiry <= now {
                throw MarketDataError(
                    .signInRefused, "the TradingView token expired at \(expiry); fetch a new one or give the cookies",
                    source: .tradingview)
            }
            return token
        case .cookies(let sessionID, let signature):
            if let fetched, fetched.expiry.map({ $0 > now.advanced(bySeconds: 60) }) ?? true { return fetched }
            let token = try await pages.token(sessionID: sessionID, signature: signature)
            fetched = token
            return token
        }
    }

    /// The server refused the token: the next one is fetched anew.
    func forget() { fetched = nil }
}
