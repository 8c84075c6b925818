import AsyncSupport
import MarketData
import NetworkFailure

/// Sends a site one request at a time, in order of arrival.
public struct SiteQueue: Sendable {
    private let site: Site
    private let limiter: ConcurrencyLimiter

    /// A queue before a site.
    public init(_ site: Site, mostWaiting: Int = 64) {
        self.site = site
        self.limiter = ConcurrencyLimiter(
            places: 1, mostWaiting: mostWaiting,
            overloaded: MarketDataError(
                .overloaded, "too many requests wait for \(site.name), which takes one at a time; try again later",
                source: site.source))
    }

    /// Waits for the turn and runs the request, within one time limit.
    /// - Throws: What `request` throws; `MarketDataError` `upstreamTimeout` when the time is up, `overloaded` when too many
    ///   wait already; `CancellationError`.
    public func inTurn<Response: Sendable>(
        within timeout: Duration,
        _ request: @escaping @Sendable (ContinuousClock.Instant) async throws -> Response
    ) async throws -> Response {
        let deadline = ContinuousClock.now + timeout
        let late = ConnectionFailure.timedOut.error(of: site, timeout: timeout)
        return try await withThrowingTaskGroup(of: Response.self) { group in
            group.addTask { try await limiter.run { try await request(deadline) } }
            group.addTask {
                try await Task.sleep(until: deadline)
                throw late
            }
            defer { group.cancelAll() }
            guard let response = try await group.next() else { throw late }
            return response
        }
    }
}
