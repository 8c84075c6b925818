public import Logging
public import MarketData
import Synchronization

/// Lets requests to a site out at its pace, by a ledger that may be shared with other processes.
///
/// Where the ledger cannot be kept, that is logged, and the pace holds within this process.
public final class RateLimiter: Sendable {
    private let site: Site
    private let pace: RateLimit
    private let pacing: Mutex<RateLimitState>
    private let memory: (any LedgerMemory)?
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// A gate before a site; `memory` is `nil` for a ledger that ends with the process.
    public init(
        _ site: Site, pace: RateLimit, memory: (any LedgerMemory)? = nil, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.site = site
        self.pace = pace
        self.pacing = Mutex(RateLimitState(pace))
        self.memory = memory
        self.logger = logger
        self.now = now
    }

    /// Waits until a request may be sent, and counts it.
    /// - Throws: `MarketDataError` `throttled` or `upstreamUnavailable` with when to come back, where the site is left
    ///   alone or the gap between requests does not fit before the deadline; `CancellationError`.
    public func waitForPermission(before deadline: ContinuousClock.Instant) async throws {
        while true {
            switch withPacing({ $0.request(at: now()) }) {
            case .granted: return
            case .stopped(let stop): throw stop.error(of: site, at: now())
            case .wait(let milliseconds):
                guard ContinuousClock.now + .milliseconds(milliseconds) < deadline else {
                    throw MarketDataError(
                        .throttled, "\(site.words) may be asked only every \(pace.gap)", source: site.source,
                        recovery: .retry(afterSeconds: Int(milliseconds / 1000) + 1)
                    )
                }
                try await Task.sleep(for: .milliseconds(milliseconds))
            }
        }
    }

    /// Takes note of how a request went.
    /// - Returns: Why no further request may be sent now; `nil` when one may.
    @discardableResult
    public func finished(_ outcome: RateLimitState.Outcome) -> Cooldown? {
        let present = now()
        return withPacing { pacing in
            pacing.finished(outcome, at: present)
            return pacing.activeStop(at: present)
        }
    }

    /// Why no request may be sent now; `nil` when one may.
    public var stop: Cooldown? { withPacing { $0.activeStop(at: now()) } }

    /// How many requests today's allowance still holds; `nil` without an allowance.
    public var requestsLeft: Int? { withPacing { $0.requestsLeft(at: now()) } }

    private func withPacing<Result: Sendable>(_ body: (inout RateLimitState) -> Result) -> Result {
        pacing.withLock { pacing in
            guard let memory else { return body(&pacing) }
            let former = pacing
            do throws(JSONFileError) {
                return try memory.change { ledger in
                    pacing.ledger = ledger.joined(by: pacing.ledger)
                    defer { ledger = pacing.ledger.shared(after: ledger) }
                    return body(&pacing)
                }
            } catch {
                logger.warning(
                    "the count of requests cannot be shared with other processes", metadata: ["why": "\(error.words)"])
                // A ledger that was read and could not be kept went through the body once: that must not count twice.
                pacing = former
                return body(&pacing)
            }
        }
    }
}
