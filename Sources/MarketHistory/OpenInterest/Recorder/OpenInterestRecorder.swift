package import Logging
package import MarketData
public import MarketStore
public import ServiceLifecycle

/// Takes a snapshot of open interest at each change of the source's stamp, through every session, into a store
/// (docs/decisions/0009-recorder.md). Killed at any moment, it goes on from what the store has.
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

    /// A recorder that asks sources in order of trust.
    /// - Parameters:
    ///   - plan: What to take.
    ///   - sources: The sources of open interest.
    ///   - store: Where snapshots and watches are kept.
    ///   - calendar: Whose sessions are recorded.
    ///   - clock: The time.
    ///   - logger: Where holes, refusals and waiting are noted.
    ///   - observe: Told of everything as it happens; what it throws ends the recording.
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

    /// Records until it is cancelled or told to shut down.
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
                let snapshot = try await sources.now(RecordedChain(symbol: symbol, expiry: expiry).request).forKeeping
                if try await store.append(snapshot) == .stored { try tell(.kept(snapshot, fillsHole: false)) }
            }
        }
    }

    func tell(_ event: RecordingEvent) throws {
        try observe(event)
        switch event {
        case .follows(let chain, let known):
            logger.info("recording open interest", metadata: ["chain": "\(chain)", "known": "\(known)"])
        case .kept(let snapshot, let fillsHole):
            logger.debug(
                "a snapshot of open interest is kept",
                metadata: [
                    "chain": "\(snapshot.symbol) \(snapshot.expiry)", "stamp": "\(snapshot.provenance.asOf)",
                    "fills": "\(fillsHole)",
                ])
        case .hole(let chain, let hole):
            logger.warning(
                "a hole in the recorded open interest",
                metadata: [
                    "chain": "\(chain)", "from": "\(hole.span.from)", "to": "\(hole.span.to)",
                    "reason": "\(hole.reason.rawValue)", "source": "\(hole.source?.rawValue ?? "none")",
                    "others": "\(hole.others.map { "\($0.source.rawValue) \($0.snapshots)" }.joined(separator: ", "))",
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
