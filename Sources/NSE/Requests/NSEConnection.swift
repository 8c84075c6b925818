import AsyncHTTPClient
import JSON
import Logging
import MarketData
import NIOHTTP1
import NetworkFailure
import SourceHTTP
import Synchronization

/// Sends one request within a visit to the site, keeping to the rate limit. The caller sends one at a time.
final class NSEConnection: Sendable {
    let site: Site
    private let configuration: NSEConfiguration
    private let httpClient: HTTPClient
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let limiter: RateLimiter
    private let visit: Mutex<SiteVisit>

    init(
        _ configuration: NSEConfiguration, httpClient: HTTPClient, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.site = Site("NSE", .nse, at: configuration.baseURL)
        self.httpClient = httpClient
        self.logger = logger
        self.now = now
        self.limiter = RateLimiter(site, rateLimit: configuration.rateLimit, logger: logger, now: now)
        self.visit = Mutex(SiteVisit(lifetime: configuration.cookieLifetime))
    }

    /// Why no request may be sent now.
    var cooldown: Cooldown? { limiter.stop }

    /// The object for a request; the page is opened before where its cookies are wanting, and once more after
    /// 401 or 403.
    /// - Throws: `Refusal`, `CancellationError`.
    func object(for endpoint: Endpoint, before deadline: ContinuousClock.Instant) async throws -> JSONFields {
        var action = visit.withLock { $0.begin(at: now()) }
        var response: SourceResponse?
        while true {
            switch action {
            case .openPage:
                let cookies = try await openPage(before: deadline)
                action = visit.withLock { $0.opened(setCookies: cookies, at: now()) }
            case .send(let cookies):
                let came = try await send(endpoint, cookies: cookies, before: deadline)
                response = came
                action = visit.withLock {
                    $0.responded(status: came.status, setCookies: came.setCookies, at: now())
                }
            case .deliver:
                guard let response else { throw Refusal(ConnectionFailure.timedOut, site, configuration.timeout) }
                return try read(response, from: endpoint)
            }
        }
    }

    /// Records a JSON response that does not match the request.
    func refusal(_ fault: ChainFault, in endpoint: Endpoint) -> Refusal {
        limiter.finished(.failed("the response from \(endpoint.path) could not be read", retryAfterSeconds: nil))
        return Refusal(fault, site, endpoint)
    }

    /// Takes note of a response that served its purpose.
    func noteResponse() { limiter.finished(.responded) }

    /// The cookies of the page. A refusal of the page is ignored; a site that does not respond is an error.
    private func openPage(before deadline: ContinuousClock.Instant) async throws -> [String] {
        let response = try await send(.page, cookies: nil, before: deadline)
        if response.status >= 400 {
            logger.info("nse page was refused and is done without", metadata: ["status": "\(response.status)"])
        }
        return response.setCookies
    }

    private func read(_ response: SourceResponse, from endpoint: Endpoint) throws -> JSONFields {
        do {
            return try ResponseReading.object(of: response)
        } catch {
            let stop = limiter.finished(error.outcome)
            logger.warning(
                "nse response holds no data",
                metadata: ["path": "\(endpoint.path)", "fault": "\(error.words)", "status": "\(error.status)"]
            )
            throw Refusal(error, site, endpoint, secondsLeft: stop?.secondsLeft(at: now()))
        }
    }

    private func waitForPermission(before deadline: ContinuousClock.Instant) async throws {
        do {
            try await limiter.waitForPermission(before: deadline)
        } catch let error as MarketDataError {
            throw Refusal(error)
        }
    }

    private func send(
        _ endpoint: Endpoint, cookies: String?, before deadline: ContinuousClock.Instant
    ) async throws -> SourceResponse {
        try await waitForPermission(before: deadline)
        do {
            return try await SourceResponse.to(
                request(endpoint, cookies), over: httpClient, before: deadline, largest: NSEConnection.largestResponse,
                logger: logger, now: now
            )
        } catch let failure as ConnectionFailure {
            limiter.finished(.failed(failure.words, retryAfterSeconds: nil))
            logger.warning("nse request failed", metadata: ["path": "\(endpoint.path)", "error": "\(failure.words)"])
            throw Refusal(failure, site, configuration.timeout)
        }
    }

    private func request(_ endpoint: Endpoint, _ cookies: String?) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: endpoint.url(below: configuration.baseURL))
        let browser = configuration.browser
        let page = Endpoint.page.url(below: NSEConfiguration.realBaseURL)
        let headers = endpoint == .page ? browser.pageHeaders : browser.scriptHeaders(on: page)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let cookies { request.headers.add(name: "Cookie", value: cookies) }
        return request
    }

    /// A legacy chain of all expiries is some 1.4 MB.
    private static let largestResponse = 16 << 20
}
