import Foundation
import Logging
import MarketData

/// Gives the token for a connection, and its successor in time. A sign-in that fails is an error, never a silent fall to
/// anonymous.
actor TokenSource {
    private struct Fetched {
        let token: AuthToken
        var renewal: TokenRenewal
    }

    private let signIn: TradingViewSignIn
    private let pages: CookieSignIn
    private let door: PasswordSignIn?
    private let logger: Logger
    private var fetched: Fetched?
    private var cookies = SignInCookies()
    private var closed: (error: MarketDataError, until: Timestamp)?
    private var lastRefusal: Timestamp?

    /// How long a refused password is not sent again, in seconds: each attempt brings a lock of the account nearer.
    private static let refusedPasswordSeconds: Int64 = 900
    /// Two refusals of tokens further apart than this have nothing to do with each other, in seconds.
    private static let refusalWindowSeconds: Int64 = 600

    init(configuration: TradingViewConfiguration, reader: WebConnection, logger: Logger = Logger(label: "tradingview"))
    {
        signIn = configuration.signIn
        pages = CookieSignIn(webURL: configuration.webURL, reader: reader)
        self.logger = logger
        if case .password(let username, let password, let totp) = signIn {
            door = PasswordSignIn(
                username: username, password: password, totp: totp, webURL: configuration.webURL,
                origin: configuration.origin, reader: reader)
        } else {
            door = nil
        }
    }

    /// The token to use now; one that was fetched is kept until its renewal is due.
    /// - Throws: `MarketDataError`, `signInRefused` for a fault of the account.
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
        case .cookies, .password:
            if let fetched, !fetched.renewal.isDue(at: now) { return fetched.token }
            if let renewed = try await renewed(at: now) { return renewed }
            if let fetched, fetched.token.expiry.map({ $0 > now }) ?? true { return fetched.token }
            return try await fetch(at: now)
        }
    }

    /// The token that replaces one in use, where that is due; `nil` where it is not, or fails while the old one lives.
    /// - Throws: `MarketDataError`, where the account is refused and the old token has expired.
    func renewed(at now: Timestamp) async throws -> AuthToken? {
        guard let old = fetched, old.renewal.isDue(at: now) else { return nil }
        do {
            let token = try await fetch(at: now)
            fetched?.renewal.pause(at: now)
            logger.info("TradingView's token is renewed")
            return token
        } catch let error as MarketDataError {
            fetched?.renewal.pause(at: now)
            let isAlive = old.token.expiry.map { $0 > now } ?? true
            if !isAlive, error.code == .signInRefused { throw error }
            logger.warning("TradingView's token could not be renewed", metadata: ["reason": "\(error.message)"])
            return nil
        }
    }

    /// The server refused the token that it was sent. Returns where a new token may be tried: once.
    /// - Throws: The error to report otherwise.
    func refused(_ error: MarketDataError, at now: Timestamp) throws {
        fetched = nil
        switch signIn {
        case .anonymous, .token: throw error
        case .cookies, .password:
            let isSecond = lastRefusal.map { now < $0.advanced(bySeconds: Self.refusalWindowSeconds) } ?? false
            lastRefusal = now
            guard isSecond else { return }
            throw MarketDataError(
                .signInRefused,
                "TradingView refused the token twice, the second time one fetched just before; sign in with a browser "
                    + "and give its new cookies",
                source: .tradingview)
        }
    }

    private func fetch(at now: Timestamp) async throws -> AuthToken {
        let token: AuthToken
        if let door {
            token = try await admitted(by: door, at: now)
        } else if case .cookies(let sessionID, let signature) = signIn {
            token = try await pages.token(sessionID: sessionID, signature: signature)
        } else {
            token = .anonymous
        }
        let renewal = TokenRenewal(issued: token.issued, expiry: token.expiry, fetchedAt: now)
        fetched = Fetched(token: token, renewal: renewal)
        return token
    }

    /// A token by the cookies that an earlier sign-in gave; else by the password, unless it was refused just now.
    private func admitted(by door: PasswordSignIn, at now: Timestamp) async throws -> AuthToken {
        if let session = cookies.session {
            do {
                return try await pages.token(sessionID: session.sessionID, signature: session.signature)
            } catch let error as MarketDataError where error.code == .signInRefused {
                cookies = SignInCookies()
            }
        }
        if let closed, closed.until > now { throw closed.error }
        do {
            let admission = try await door.admission(at: now)
            (cookies, closed) = (admission.cookies, nil)
            return admission.token
        } catch let error as MarketDataError {
            switch error.recovery {
            case .retry(let seconds): closed = (error, now.advanced(bySeconds: Int64(seconds)))
            case .giveUp: closed = (error, now.advanced(bySeconds: Self.refusedPasswordSeconds))
            default: break
            }
            throw error
        }
    }
}

/// When a new token is fetched: at 80 % of its life, and at least a minute before it expires.
struct TokenRenewal: Hashable, Sendable {
    /// When to fetch the next; `nil` where the token does not say when it expires.
    private(set) var due: Timestamp?
    private let expiry: Timestamp?
    private var pauses = 0

    private static let marginMilliseconds: Int64 = 60_000
    private static let firstPauseSeconds: Int64 = 60
    private static let longestPauseSeconds: Int64 = 600

    /// - Parameters:
    ///   - issued: The token's claim `iat`; without it, its life is counted from when it was fetched.
    ///   - expiry: Its claim `exp`.
    init(issued: Timestamp?, expiry: Timestamp?, fetchedAt: Timestamp) {
        self.expiry = expiry
        guard let expiry else { return }
        let start = min(issued ?? fetchedAt, expiry).milliseconds
        let mostOfLife = start + (expiry.milliseconds - start) / 5 * 4
        due = Timestamp(milliseconds: min(mostOfLife, expiry.milliseconds - TokenRenewal.marginMilliseconds))
    }

    func isDue(at now: Timestamp) -> Bool { due.map { $0 <= now } ?? false }

    /// Lets the web page rest after a renewal, longer after each; the moment at which the token expires is not missed.
    mutating func pause(at now: Timestamp) {
        guard let due else { return }
        let seconds = min(TokenRenewal.longestPauseSeconds, TokenRenewal.firstPauseSeconds << Int64(min(pauses, 8)))
        pauses += 1
        var next = max(due, now.advanced(bySeconds: seconds))
        if let expiry, expiry > now { next = min(next, expiry) }
        self.due = next
    }
}
