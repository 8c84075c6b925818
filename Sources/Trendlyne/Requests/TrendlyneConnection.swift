import AsyncHTTPClient
import JSON
import Logging
import MarketData
import NIOHTTP1
import NetworkFailure
import SourceHTTP

/// Sends one request and reads its envelope, keeping to the rate limit.
final class TrendlyneConnection: Sendable {
    let site: Site
    private let configuration: TrendlyneConfiguration
    private let httpClient: HTTPClient
    private let logger: Logger
    private let limiter: RateLimiter
    private let now: @Sendable () -> Timestamp

    init(
        _ configuration: TrendlyneConfiguration, httpClient: HTTPClient, ledger: (any LedgerStorage)?, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.site = Site("Trendlyne", .trendlyne, at: configuration.baseURL)
        self.httpClient = httpClient
        self.logger = logger
        self.now = now
        self.limiter = RateLimiter(site, rateLimit: configuration.rateLimit, ledger: ledger, logger: logger, now: now)
    }

    /// Why no request may be sent now.
    var cooldown: Cooldown? { limiter.stop }

    /// How many requests today's quota still holds.
    var requestsLeft: Int? { limiter.requestsLeft }

    /// The body for a request.
    /// - Throws: `MarketDataError`, `CancellationError`.
    func body(for endpoint: Endpoint, before deadline: ContinuousClock.Instant) async throws -> JSONFields {
        try await limiter.waitForPermission(before: deadline)
        let response = try await send(endpoint, before: deadline)
        do {
            let body = try Envelope.body(of: response)
            limiter.finished(.responded)
            return body
        } catch {
            throw take(error, from: endpoint)
        }
    }

    /// The error for a response with an invalid field.
    func error(_ field: UnreadableField, in endpoint: Endpoint) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "invalid response from \(site.displayName) for \(endpoint.path): \(field.words)",
            source: .trendlyne
        )
    }

    private func send(_ endpoint: Endpoint, before deadline: ContinuousClock.Instant) async throws -> SourceResponse {
        do {
            return try await SourceResponse.to(
                request(endpoint), over: httpClient, before: deadline, largest: TrendlyneConnection.largestResponse,
                logger: logger, now: now
            )
        } catch let failure as ConnectionFailure {
            limiter.finished(.failed(failure.words, retryAfterSeconds: nil))
            logger.warning(
                "trendlyne request failed",
                metadata: ["path": "\(endpoint.path)", "error": "\(failure.words)"]
            )
            throw failure.error(of: site, timeout: configuration.timeout)
        }
    }

    private func request(_ endpoint: Endpoint) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint.url(below: configuration.baseURL))
        request.headers.add(name: "User-Agent", value: configuration.userAgent)
        request.headers.add(name: "Accept", value: "application/json, text/plain, */*")
        request.headers.add(name: "Accept-Language", value: "en-US,en;q=0.9")
        request.headers.add(name: "Referer", value: "\(TrendlyneConfiguration.realBaseURL)/")
        request.headers.add(name: "Origin", value: TrendlyneConfiguration.realBaseURL)
        return request
    }

    private func take(_ fault: ResponseFault, from endpoint: Endpoint) -> MarketDataError {
        let stop = limiter.finished(fault.outcome)
        logger.warning(
            "trendlyne response holds no data",
            metadata: ["path": "\(endpoint.path)", "fault": "\(fault.words)", "status": "\(fault.status)"]
        )
        return MarketDataError(
            fault.code, "\(site.displayName): \(fault.words) for \(endpoint.path) (\(fault.evidence))",
            source: .trendlyne,
            recovery: stop.map { .retry(afterSeconds: $0.secondsLeft(at: now())) }
        )
    }

    /// A whole chain is some 60 kB.
    private static let largestResponse = 8 << 20
}
