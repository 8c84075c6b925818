public import Logging
public import MarketData
import Synchronization

/// Sends requests to a site within its rate limit, by a ledger that may be shared with other processes.
///
/// Where the ledger cannot be saved, that is logged, and the limit holds within this process.
public final class RateLimiter: Sendable {
    private let site: Site
    private let pace: RateLimit
    private let pacing: Mutex<RateLimitState>
    private let memory: (any LedgerMemory)?
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// A rate limiter for a site; `memory` is `nil` for a ledger that ends with the process.
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
                        .throttled, "\(site.words) allows one request every \(pace.gap)", source: site.source,
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

    /// How many requests are left in today's quota; `nil` without a quota.
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

/// The state of a rate limit that outlives a process: the day's requests and a cooldown.
public struct RequestLedger: Hashable, Sendable {
    /// The day in India that `requests` is of; `nil` before the first request.
    public var day: CalendarDate?
    /// Requests sent on that day.
    public var requests: Int
    /// When the last one was sent.
    public var lastRequest: Timestamp?
    /// Why the site is left alone, which may be over by now.
    public var stop: Cooldown?
    /// Failures in a row.
    public var failuresInARow: Int

    /// A ledger; empty, unless said otherwise.
    public init(
        day: CalendarDate? = nil, requests: Int = 0, lastRequest: Timestamp? = nil, stop: Cooldown? = nil,
        failuresInARow: Int = 0
    ) {
        self.day = day
        self.requests = requests
        self.lastRequest = lastRequest
        self.stop = stop
        self.failuresInARow = failuresInARow
    }

    /// Requests sent on the Indian day of a moment.
    public func spent(at now: Timestamp) -> Int { day == IndianTime.date(now) ? requests : 0 }

    /// Counts a request.
    public mutating func count(at now: Timestamp) {
        requests = spent(at: now) + 1
        day = IndianTime.date(now)
        lastRequest = now
    }
}

// What several processes share: the number of requests, and that the site refused. That it is down or cannot be
// reached each finds out for itself, so that a fault that is mended is over for the next one at once.
extension RequestLedger {
    /// This ledger, which others share, with what a process knows for itself.
    func joined(by own: RequestLedger) -> RequestLedger {
        var ledger = self
        ledger.failuresInARow = own.failuresInARow
        if let failure = own.stop, failure.cause == .failed, failure.until > ledger.stop?.until ?? longAgo {
            ledger.stop = failure
        }
        return ledger
    }

    /// What of this ledger others may see, after the ledger that they share.
    func shared(after former: RequestLedger) -> RequestLedger {
        var ledger = self
        ledger.failuresInARow = 0
        if stop?.cause == .failed { ledger.stop = former.stop }
        return ledger
    }

    private var longAgo: Timestamp { Timestamp(milliseconds: .min) }
}

/// A site's ledger in a file of the data folder.
public struct LedgerFile: LedgerMemory {
    private let file: SharedJSONFile<Record>

    /// A ledger kept at a path, such as `.../trendlyne-requests.json`.
    public init(path: String) { file = SharedJSONFile(path: path, empty: Record(RequestLedger())) }

    /// Lets a change happen to the ledger, alone among all processes.
    public func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result {
        try file.change { record in
            var ledger = record.ledger
            defer { record = Record(ledger) }
            return body(&ledger)
        }
    }
}

/// How a ledger is written: dates as text, moments as milliseconds since 1970.
private struct Record: Codable, Equatable {
    struct Stop: Codable, Equatable {
        var cause: Cooldown.Cause
        var reason: String
        var until: Int64
    }

    var day: String?
    var requests: Int
    var lastRequest: Int64?
    var stop: Stop?

    init(_ ledger: RequestLedger) {
        day = ledger.day?.description
        requests = ledger.requests
        lastRequest = ledger.lastRequest?.milliseconds
        stop = ledger.stop.map { Stop(cause: $0.cause, reason: $0.reason, until: $0.until.milliseconds) }
    }

    var ledger: RequestLedger {
        RequestLedger(
            day: day.flatMap { CalendarDate($0) },
            requests: requests,
            lastRequest: lastRequest.map { Timestamp(milliseconds: $0) },
            stop: stop.map {
                Cooldown(cause: $0.cause, reason: $0.reason, until: Timestamp(milliseconds: $0.until))
            }
        )
    }
}

/// A store for a site's ledger that outlives a process, shared by all processes that use the site.
public protocol LedgerMemory: Sendable {
    /// Lets a change happen to the ledger, alone among all who share it.
    /// - Throws: `JSONFileError` where the ledger cannot be read or kept; nothing has changed then.
    func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result
}
