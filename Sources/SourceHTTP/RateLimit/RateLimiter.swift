public import Logging
public import MarketData
import Synchronization

/// Sends requests to a site within its rate limit, by a ledger that may be shared with other processes.
///
/// Where the ledger cannot be saved, that is logged, and the limit holds within this process.
public final class RateLimiter: Sendable {
    private let site: Site
    private let rateLimit: RateLimit
    private let state: Mutex<RateLimitState>
    private let storage: (any LedgerStorage)?
    private let logger: Logger
    private let now: @Sendable () -> Timestamp

    /// A rate limiter for a site; `ledger` is `nil` for a ledger that ends with the process.
    public init(
        _ site: Site, rateLimit: RateLimit, ledger: (any LedgerStorage)? = nil, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.site = site
        self.rateLimit = rateLimit
        self.state = Mutex(RateLimitState(rateLimit))
        self.storage = ledger
        self.logger = logger
        self.now = now
    }

    /// Waits until a request may be sent, and counts it.
    /// - Throws: `MarketDataError` `throttled` or `upstreamUnavailable` with when to come back, where the site is left
    ///   alone or the gap between requests does not fit before the deadline; `CancellationError`.
    public func waitForPermission(before deadline: ContinuousClock.Instant) async throws {
        while true {
            switch withState({ $0.request(at: now()) }) {
            case .granted: return
            case .stopped(let stop): throw stop.error(of: site, at: now())
            case .wait(let milliseconds):
                guard ContinuousClock.now + .milliseconds(milliseconds) < deadline else {
                    throw MarketDataError(
                        .throttled, "\(site.displayName) allows one request every \(rateLimit.gap)",
                        source: site.source,
                        recovery: .retry(afterSeconds: Int(milliseconds / 1000) + 1)
                    )
                }
                try await Task.sleep(for: .milliseconds(milliseconds))
            }
        }
    }

    /// Records the outcome of a request.
    /// - Returns: Why no further request may be sent now; `nil` when one may.
    @discardableResult
    public func finished(_ outcome: RateLimitState.Outcome) -> Cooldown? {
        let present = now()
        return withState { state in
            state.finished(outcome, at: present)
            return state.activeStop(at: present)
        }
    }

    /// Why no request may be sent now; `nil` when one may.
    public var stop: Cooldown? { withState { $0.activeStop(at: now()) } }

    /// How many requests are left in today's quota; `nil` without a quota.
    public var requestsLeft: Int? { withState { $0.requestsLeft(at: now()) } }

    private func withState<Result: Sendable>(_ body: (inout RateLimitState) -> Result) -> Result {
        state.withLock { state in
            guard let storage else { return body(&state) }
            let former = state
            do throws(JSONFileError) {
                return try storage.change { ledger in
                    state.ledger = ledger.joined(by: state.ledger)
                    defer { ledger = state.ledger.shared(after: ledger) }
                    return body(&state)
                }
            } catch {
                logger.warning(
                    "the count of requests cannot be shared with other processes", metadata: ["why": "\(error.words)"])
                // If the ledger was read but not saved, the body has already run once; do not count that twice.
                state = former
                return body(&state)
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

// Processes share the number of requests and a refusal of the site. That it is down or cannot be
// reached each finds out for itself, so that a recovered site is used by the next one at once.
extension RequestLedger {
    /// This shared ledger, merged with the state of a process.
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
public struct LedgerFile: LedgerStorage {
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
public protocol LedgerStorage: Sendable {
    /// Lets a change happen to the ledger, alone among all who share it.
    /// - Throws: `JSONFileError` if the ledger cannot be read or saved; nothing has changed then.
    func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result
}
