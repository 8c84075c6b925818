import AsyncHTTPClient
import Logging
import MarketData
import NIOHTTP1
import PoliteHTTP
import Synchronization

/// Sends one request and reads its envelope, keeping to the pace.
final class TrendlyneConnection: Sendable {
    let site: Site
    private let configuration: TrendlyneConfiguration
    private let httpClient: HTTPClient
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let pacing: Mutex<RequestPacing>

    init(
        _ configuration: TrendlyneConfiguration, httpClient: HTTPClient, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.site = Site("Trendlyne", .trendlyne, at: configuration.baseURL)
        self.httpClient = httpClient
        self.logger = logger
        self.now = now
        self.pacing = Mutex(RequestPacing(configuration.pace))
    }

    /// Why no request may be sent now.
    var stop: SourceStop? { pacing.withLock { $0.activeStop(at: now()) } }

    /// How many requests today's allowance still holds.
    var requestsLeft: Int? { pacing.withLock { $0.requestsLeft(at: now()) } }

    /// The body that answers a question.
    /// - Throws: `MarketDataError`, `CancellationError`.
    func body(answering endpoint: Endpoint, before deadline: ContinuousClock.Instant) async throws -> JSONFields {
        try await waitForPermission(before: deadline)
        let answer = try await send(endpoint, before: deadline)
        do {
            let body = try Envelope.body(of: answer)
            pacing.withLock { $0.finished(.answered, at: now()) }
            return body
        } catch {
            throw take(error, from: endpoint)
        }
    }

    /// The error of an answer whose body holds something unreadable.
    func error(_ field: UnreadableField, in endpoint: Endpoint) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "\(site.words) sent what cannot be read from \(endpoint.path): \(field.words)",
            source: .trendlyne
        )
    }

    private func waitForPermission(before deadline: ContinuousClock.Instant) async throws {
        while true {
            switch pacing.withLock({ $0.request(at: now()) }) {
            case .granted: return
            case .stopped(let stop): throw stop.error(of: site, at: now())
            case .wait(let milliseconds):
                guard ContinuousClock.now + .milliseconds(milliseconds) < deadline else {
                    throw MarketDataError(
                        .throttled, "\(site.words) may be asked only every \(configuration.pace.gap)",
                        source: .trendlyne, recovery: .retry(afterSeconds: Int(milliseconds / 1000) + 1)
                    )
                }
                try await Task.sleep(for: .milliseconds(milliseconds))
            }
        }
    }

    private func send(_ endpoint: Endpoint, before deadline: ContinuousClock.Instant) async throws -> HTTPAnswer {
        do {
            return try await HTTPAnswer.to(
                request(endpoint), over: httpClient, before: deadline, largest: TrendlyneConnection.largestAnswer,
                logger: logger
            )
        } catch let failure as ConnectionFailure {
            pacing.withLock { $0.finished(.failed(failure.words, retryAfterSeconds: nil), at: now()) }
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

    private func take(_ fault: AnswerFault, from endpoint: Endpoint) -> MarketDataError {
        let present = now()
        let stop = pacing.withLock { pacing in
            pacing.finished(fault.outcome, at: present)
            return pacing.activeStop(at: present)
        }
        logger.warning(
            "trendlyne answer holds no data",
            metadata: ["path": "\(endpoint.path)", "fault": "\(fault.words)", "status": "\(fault.status)"]
        )
        return MarketDataError(
            fault.code, "\(site.words): \(fault.words) when asked for \(endpoint.path) (\(fault.evidence))",
            source: .trendlyne,
            recovery: stop.map { .retry(afterSeconds: $0.secondsLeft(at: present)) }
        )
    }

    /// A whole chain is some 60 kB.
    private static let largestAnswer = 8 << 20
}
