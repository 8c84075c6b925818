import AsyncHTTPClient
import Foundation
import Logging
import MarketData
import NIOCore
import NIOHTTP1
import NetworkFailure
import SourceHTTP
import Synchronization

/// Reads pages and JSON over HTTP, each host within its rate limit; every failure is a `MarketDataError` that names the
/// host.
struct WebConnection {
    let httpClient: HTTPClient
    var deadline: Duration
    private let clock: UpstreamClock
    private let logger: Logger
    private let limiters: HostLimiters

    init(
        httpClient: HTTPClient, deadline: Duration, clock: UpstreamClock,
        logger: Logger = Logger(label: "tradingview")
    ) {
        self.httpClient = httpClient
        self.deadline = deadline
        self.clock = clock
        self.logger = logger
        limiters = HostLimiters(logger: logger, now: { clock.steadyNow })
    }

    private static let largestBody = 16 << 20
    // Pages are refused to clients that do not look like a browser.
    static let userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0"

    /// Gets an address.
    /// - Throws: `MarketDataError`: `upstreamUnavailable`, `upstreamTimeout`, `upstreamUnreadable` for a body too large.
    func get(_ address: URL, headers: [(String, String)]) async throws -> SourceResponse {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.headers = HTTPHeaders(headers + [("User-Agent", WebConnection.userAgent)])
        return try await response(to: request, at: address)
    }

    /// Posts a form to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], form: [(String, String)]) async throws -> SourceResponse {
        let text = PercentEncoding.pairs(form.map { (name: $0.0, value: $0.1) })
        return try await post(
            address, headers: headers, type: "application/x-www-form-urlencoded", body: Data(text.utf8))
    }

    /// Posts JSON to an address.
    /// - Throws: As `get`.
    func post(_ address: URL, headers: [(String, String)], json: Data) async throws -> SourceResponse {
        try await post(address, headers: headers, type: "application/json", body: json)
    }

    private func post(
        _ address: URL, headers: [(String, String)], type: String, body: Data
    ) async throws -> SourceResponse {
        var request = HTTPClientRequest(url: address.absoluteString)
        request.method = .POST
        request.headers = HTTPHeaders(headers + [("User-Agent", WebConnection.userAgent), ("Content-Type", type)])
        request.body = .bytes(body)
        return try await response(to: request, at: address)
    }

    private func response(to request: HTTPClientRequest, at address: URL) async throws -> SourceResponse {
        let site = Site("TradingView", .tradingview, at: address.absoluteString)
        let limiter = limiters.limiter(for: site, at: address)
        let end = ContinuousClock.now + deadline
        try await limiter.waitForPermission(before: end)
        do {
            let response = try await SourceResponse.to(
                request, over: httpClient, before: end, largest: WebConnection.largestBody, logger: logger,
                now: { clock.now })
            limiter.finished(WebConnection.outcome(of: response))
            return response
        } catch let failure as ConnectionFailure {
            limiter.finished(.failed(failure.words, retryAfterSeconds: nil))
            throw failure.error(of: site, timeout: deadline)
        }
    }

    private static func outcome(of response: SourceResponse) -> RateLimitState.Outcome {
        let reason = "status \(response.status)"
        switch response.status {
        case 429: return .tooMany(reason, retryAfterSeconds: response.retryAfterSeconds)
        case 500...: return .failed(reason, retryAfterSeconds: response.retryAfterSeconds)
        default: return .responded
        }
    }
}

/// The rate limiters of TradingView's hosts: the web site, the symbol search and the scanner.
private final class HostLimiters: Sendable {
    private let limiters = Mutex<[String: RateLimiter]>([:])
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// More hosts than redirects lead to; beyond, hosts share one limiter.
    private static let mostHosts = 32

    init(logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.logger = logger
        self.now = now
    }

    func limiter(for site: Site, at address: URL) -> RateLimiter {
        limiters.withLock { limiters in
            let host = "\(site.host):\(address.port ?? 0)"
            let key = limiters.count < HostLimiters.mostHosts ? host : ""
            if let known = limiters[host] ?? limiters[key] { return known }
            let limiter = RateLimiter(site, rateLimit: .tradingViewWeb, logger: logger, now: now)
            limiters[key] = limiter
            return limiter
        }
    }
}

extension RateLimit {
    /// Cooldowns are short, so that a site that recovers is used within half a minute.
    static let tradingViewWeb = RateLimit(
        gap: .milliseconds(50), failuresBeforeCooldown: 3, cooldownAfterFailure: .seconds(2),
        longestCooldown: .seconds(20), cooldownAfterTooMany: .seconds(60))
}

extension Duration {
    /// For messages: whole seconds without a fraction, others with the shortest one.
    var inSeconds: String { (self / .seconds(1)).shortest }
}
