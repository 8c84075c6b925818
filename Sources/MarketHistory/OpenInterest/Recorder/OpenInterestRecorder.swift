package import Logging
public import MarketData
public import MarketStore
public import ServiceLifecycle

/// Takes a snapshot of open interest at each change of the source's stamp, through every session, into a store
/// (docs/decisions/0009-recorder.md). After a crash it continues from the stored snapshots.
public struct OpenInterestRecorder: Service {
    /// Where snapshots and watches are kept.
    public typealias Store = any OpenInterestStore & SnapshotIndexStore & RecordingStore

    let plan: RecordingPlan
    let sources: any OpenInterestFailover
    let store: Store
    let calendar: TradingCalendar
    let clock: RecorderClock
    let logger: Logger
    let observe: @Sendable (RecordingEvent) throws -> Void

    /// A recorder that requests from the sources in failover order.
    /// - Parameters:
    ///   - plan: What to take.
    ///   - sources: The sources of open interest.
    ///   - store: Where snapshots and watches are kept.
    ///   - calendar: Whose sessions are recorded.
    ///   - clock: The time.
    ///   - logger: Where gaps, refusals and waiting are noted.
    ///   - observe: Called for each event; an error that it throws ends the recording.
    package init(
        plan: RecordingPlan, sources: any OpenInterestFailover, store: Store, calendar: TradingCalendar,
        clock: RecorderClock,
        logger: Logger, observe: @escaping @Sendable (RecordingEvent) throws -> Void = { _ in }
    ) {
        self.plan = plan
        self.sources = sources
        self.store = store
        self.calendar = calendar
        self.clock = clock
        self.logger = logger
        self.observe = observe
    }

    /// Records until it is cancelled or shut down.
    /// - Throws: `StoreError` where nothing can be kept, `MarketDataError` where no underlying can be recorded.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                var run = RecordingRun(recorder: self)
                while true { try await run.step() }
            }
        } catch is CancellationError {
        } catch let refused as RecordingRefused { throw refused.error }
    }

    /// Takes one snapshot of each chain now, in the session or not.
    /// - Throws: `StoreError`, `MarketDataError`, `CancellationError`.
    public func recordOnce() async throws {
        for symbol in plan.symbols {
            let listed = try await sources.expiries(of: symbol)
            for expiry in listed.expiries.prefix(plan.expiries) {
                let current = try await sources.now(RecordedChain(symbol: symbol, expiry: expiry).request)
                let snapshot = current.value.forKeeping
                if try await store.append(snapshot) == .stored { try report(.kept(snapshot, fillsGap: false)) }
            }
        }
    }

    func report(_ event: RecordingEvent) throws {
        try observe(event)
        switch event {
        case .follows(let chain, let known):
            logger.info("recording open interest", metadata: ["chain": "\(chain)", "known": "\(known)"])
        case .kept(let snapshot, let fillsGap):
            logger.debug(
                "a snapshot of open interest is kept",
                metadata: [
                    "chain": "\(snapshot.symbol) \(snapshot.expiry)", "stamp": "\(snapshot.provenance.asOf)",
                    "fills": "\(fillsGap)",
                ])
        case .gap(let chain, let gap):
            logger.warning(
                "a gap in the recorded open interest",
                metadata: [
                    "chain": "\(chain)", "from": "\(gap.span.from)", "to": "\(gap.span.to)",
                    "reason": "\(gap.reason.rawValue)", "source": "\(gap.source?.rawValue ?? "none")",
                    "others": "\(gap.others.map { "\($0.source.rawValue) \($0.snapshots)" }.joined(separator: ", "))",
                ])
        case .paused(let error, let until):
            logger.warning(
                "recording pauses", metadata: ["until": "\(until)", "why": "\(error.code.rawValue): \(error.message)"])
        case .dropped(let symbol, let error):
            logger.error("not recorded", metadata: ["symbol": "\(symbol)", "why": "\(error.message)"])
        case .rests(let session, let isBudgetSpent):
            logger.info(
                "recording rests until the next session",
                metadata: ["opens": "\(session.opens)", "budgetSpent": "\(isBudgetSpent)"])
        }
    }
}

/// What a recorder is to take, and how often it may send requests.
public struct RecordingPlan: Hashable, Sendable {
    /// The underlyings.
    public var symbols: [Symbol]
    /// How many expiries of each, nearest first.
    public var expiries: Int
    /// How far apart the source's values move, in seconds.
    public var refresh: Int64
    /// How many requests a day may see; Trendlyne's firewall refuses after some 400.
    public var dailyRequests: Int
    /// Whether earlier moments of the session are requested where snapshots are missing.
    public var fillsGaps: Bool

    /// A plan; the nearest expiry, each three minutes, unless said otherwise.
    public init(
        symbols: [Symbol], expiries: Int = 1, refresh: Int64 = 180, dailyRequests: Int = 380, fillsGaps: Bool = true
    ) {
        self.symbols = symbols
        self.expiries = expiries
        self.refresh = refresh
        self.dailyRequests = dailyRequests
        self.fillsGaps = fillsGaps
    }

    /// Two stamps farther apart than this, in seconds, have a gap between them: one and a half refreshes.
    public var largestStep: Int64 { refresh * 3 / 2 }
    /// How soon a source that repeated itself is requested again, in seconds; each further repeat waits as long again.
    var pauseAfterRepeat: Int64 { max(1, refresh / 9) }
    /// How long after the close the last stamp is waited for, in seconds.
    var closingGrace: Int64 { refresh * 2 }
}

/// The options of one underlying and expiry, as a recorder follows them.
public struct RecordedChain: Hashable, Sendable, CustomStringConvertible {
    /// The underlying.
    public let symbol: Symbol
    /// When the options expire.
    public let expiry: CalendarDate

    /// A chain by its underlying and expiry.
    public init(symbol: Symbol, expiry: CalendarDate) {
        self.symbol = symbol
        self.expiry = expiry
    }

    var request: OpenInterestRequest { OpenInterestRequest(symbol: symbol, expiry: expiry) }

    /// The symbol and the expiry.
    public var description: String { "\(symbol) \(expiry)" }
}

/// An event of a recorder.
public enum RecordingEvent: Sendable {
    /// A chain is followed from now on; `known` of today's snapshots are stored already.
    case follows(RecordedChain, known: Int)
    /// A snapshot was kept; of an earlier moment where a gap was filled.
    case kept(OpenInterestSnapshot, fillsGap: Bool)
    /// A gap without snapshots; it is requested where possible.
    case gap(RecordedChain, RecordingGap)
    /// The source refused or failed; it is requested again at an instant.
    case paused(MarketDataError, until: Timestamp)
    /// An underlying is not recorded.
    case dropped(Symbol, MarketDataError)
    /// Nothing is to be done before the next session.
    case rests(until: TradingSession, isBudgetSpent: Bool)
}

/// The clock of a recorder, and waiting for a time.
public struct RecorderClock: Sendable {
    let now: @Sendable () -> Timestamp
    let sleep: @Sendable (Timestamp) async throws -> Void

    /// A clock from its parts.
    /// - Parameters:
    ///   - now: The time.
    ///   - sleep: Waits until an instant, or throws `CancellationError`.
    public init(now: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Timestamp) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// A clock that waits in short stretches, so that a machine that was asleep, or was set, is noticed.
    public static func waiting(by now: @escaping @Sendable () -> Timestamp) -> RecorderClock {
        RecorderClock(now: now) { instant in
            while now() < instant {
                let left = instant.milliseconds - now().milliseconds
                try await Task.sleep(for: .milliseconds(min(max(left, 1), 30_000)))
            }
        }
    }
}
