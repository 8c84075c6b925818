public import MarketData
public import MarketStore
import Synchronization

/// Completes series in a store: fetches only what is missing, and writes each page with its coverage
/// before the next is fetched. It may be stopped at any moment and run again: stored bars are not fetched twice.
///
/// The newest pages come first, because where a source's history ends, older pages need not be requested at all.
public struct Backfill: Sendable {
    /// The limits of the requests to a source.
    public struct RequestLimits: Hashable, Sendable {
        /// The most bars of one request, held in memory at a time and lost at most in a crash.
        public var pageSize = 20_000
        /// Between two requests.
        public var pause = Duration.milliseconds(100)
        /// How often a request that may succeed later is sent.
        public var attempts = 3

        /// The default settings.
        public init() {}
    }

    let store: any BarStore & InstrumentStore
    let source: any BarHistoryProvider
    let calendars: SeriesCalendars
    let limits: RequestLimits
    let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - store: The store to complete.
    ///   - source: The source of the bars.
    ///   - calendars: Which bars must exist, besides the instrument's hours from the source.
    ///   - limits: The limits of the requests to the source.
    ///   - clock: The time.
    public init(
        store: any BarStore & InstrumentStore, source: any BarHistoryProvider, calendars: SeriesCalendars,
        limits: RequestLimits = RequestLimits(),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.source = source
        self.calendars = calendars
        self.limits = limits
        self.clock = clock
    }

    /// Fetches the missing bars of a series over a range.
    /// - Parameters:
    ///   - key: The series.
    ///   - range: The range to complete.
    ///   - report: Called at the beginning and after every page.
    /// - Returns: The outcome, with the source's failure if there was one.
    /// - Throws: `StoreError` where the store fails, `CancellationError`.
    public func complete(
        _ key: SeriesKey, over range: TimeRange, report: @Sendable (BackfillProgress) async throws -> Void = { _ in }
    ) async throws -> BackfillOutcome {
        var work = SeriesBackfill(of: key, over: range, by: self)
        // The source may return less than a page, and the prices may change: then other bars are missing.
        while try await work.fetchPages(report) {}
        return try await work.result()
    }
}

/// The work on one series.
private struct SeriesBackfill: SeriesFetcher {
    /// A source whose prices of a series change more often than this while it is completed is given up.
    private static let mostGenerations = 5

    let key: SeriesKey
    let range: TimeRange
    let backfill: Backfill
    let source: RetryingSource
    /// What became due since then was not ordered.
    let start: Timestamp
    private var outcome: BackfillOutcome
    private var done = 0

    init(of key: SeriesKey, over range: TimeRange, by backfill: Backfill) {
        self.key = key
        self.range = range
        self.backfill = backfill
        source = RetryingSource(backfill.source, limits: backfill.limits)
        start = backfill.clock()
        outcome = BackfillOutcome(key: key)
    }

    var store: any BarStore & InstrumentStore { backfill.store }
    var clock: @Sendable () -> Timestamp { backfill.clock }

    func boundaries(of key: SeriesKey) async throws(StoreError) -> BarBoundaries? {
        try await backfill.calendars.boundaries(of: key, in: store)
    }

    func fetch(_ request: BarRequest) async throws -> BarSeries {
        let series = try await source.bars(request)
        // The instrument's hours decide which of its bars must exist, here and later.
        if let instrument = series.instrument, try await store.instrument(of: instrument.symbol) != instrument {
            try await store.keep(instrument)
        }
        return series
    }

    func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        try await store.admit(run, if: condition)
    }

    /// Fetches what is missing, page by page.
    /// - Returns: Whether other bars turned out to be missing.
    mutating func fetchPages(_ report: @Sendable (BackfillProgress) async throws -> Void) async throws -> Bool {
        let generation = try await store.generation(of: key)
        let survey = try await survey()
        let plan = survey.plan(pageSize: backfill.limits.pageSize)
        outcome.keptSince = survey.keptSince
        outcome.missing = done + plan.bars
        try await report(BackfillProgress(key: key, missing: outcome.missing, done: done))
        for (index, page) in plan.pages.enumerated().reversed() {
            do {
                let isNewest = page.range.to >= clock().advanced(bySeconds: -2 * key.interval.longestSeconds)
                let fetched = try await fetch(
                    FetchSpan(range: page.range, isNewest: isNewest), of: key, within: plan.limits(of: index),
                    since: range.from, generation: generation)
                let shortfall = fetched.series.shortfall
                outcome.provenance = outcome.provenance ?? fetched.series.provenance
                try outcome.add(fetched.admission, mostGenerations: SeriesBackfill.mostGenerations)
                if fetched.isPlanObsolete || fetched.rest != nil { return true }
                done = shortfall == nil ? done + page.bars : outcome.missing
                if shortfall != .startOfHistory { outcome.shortfall = shortfall ?? outcome.shortfall }
                try await report(BackfillProgress(key: key, missing: outcome.missing, done: done))
                if shortfall != nil { return false }
            } catch let error as MarketDataError {
                if error.code == .neverTraded { try await keepNeverTraded(error.source) }
                outcome.error = error
                return false
            } catch is StoreError where Task.isCancelled {
                throw CancellationError()
            }
        }
        return false
    }

    /// The outcome, with what is still missing.
    mutating func result() async throws(StoreError) -> BackfillOutcome {
        outcome.requests = source.requests
        if outcome.requests > 0 { outcome.remaining = try await survey().plan(pageSize: .max).bars }
        return outcome
    }

    private func survey() async throws(StoreError) -> SeriesSurvey {
        try await SeriesSurvey(of: key, over: range, in: store, boundaries: boundaries(of: key), now: start)
    }

    /// Stores that an instrument has never traded, so that it is not requested again.
    private func keepNeverTraded(_ source: Provenance.Source?) async throws {
        guard let source else { return }
        let now = clock()
        let mode = source == .mock ? Provenance.Mode.simulated : .endOfDay
        let provenance = Provenance(source: source, feed: nil, mode: mode, delaySeconds: nil, asOf: now)
        let span = CoverageSpan(TimeRange(from: range.from, to: min(range.to, now)), .empty(.neverTraded))
        try await store.write(BarRun(key: key, bars: [], provenance: provenance, coverage: CoverageMap([span])))
    }
}

extension FetchPlan {
    /// Up to where nothing but a page is missing.
    fileprivate func limits(of index: Int) -> TimeRange {
        TimeRange(
            from: index > 0 ? pages[index - 1].range.to : TimeRange.always.from,
            to: index + 1 < pages.count ? pages[index + 1].range.from : TimeRange.always.to)
    }
}

extension Backfill {
    /// What happens while a job is worked on.
    public enum Event: Sendable {
        /// The item was complete before, over a span that does not grow: nothing is to be done.
        case skipped(BackfillJob.Item)
        /// How far an item has come.
        case progress(BackfillJob.Item, BackfillProgress)
        /// The outcome of an item; it is recorded in the job.
        case settled(BackfillJob.Item, BackfillOutcome)
    }

    /// Works on what a job has left, item by item. It may be stopped at any moment and run again with the job as it is
    /// then in the store: pages are written before they count, and an item is settled after its last page.
    /// - Throws: `StoreError` where the store fails, `CancellationError`.
    public func work(
        on job: BackfillJob, in jobs: any BackfillJobStore, report: @Sendable (Event) async throws -> Void
    ) async throws {
        for item in job.items {
            try Task.checkCancellation()
            guard item.isOpen else {
                try await report(.skipped(item))
                continue
            }
            let outcome = try await complete(item, report: report)
            try await jobs.settle(item.number, of: job.id, outcome.result(at: clock()))
            try await report(.settled(item, outcome))
        }
    }

    private func complete(
        _ item: BackfillJob.Item, report: @Sendable (Event) async throws -> Void
    ) async throws -> BackfillOutcome {
        guard let range = item.order.range(now: clock()) else { return BackfillOutcome(key: item.order.key) }
        return try await complete(item.order.key, over: range) { try await report(.progress(item, $0)) }
    }
}

extension BackfillJob.Item {
    /// Whether there may be something to fetch: always where the order reaches up to now.
    public var isOpen: Bool { order.to == nil || result?.state != .complete }
}

/// Sends requests with a pause between them, and retries those that may succeed later. Counts them.
final class RetryingSource: BarHistoryProvider {
    private let source: any BarHistoryProvider
    private let limits: Backfill.RequestLimits
    private let state = Mutex((requests: 0, hasResponded: false))

    init(_ source: any BarHistoryProvider, limits: Backfill.RequestLimits) {
        self.source = source
        self.limits = limits
    }

    /// How many requests were sent.
    var requests: Int { state.withLock { $0.requests } }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        if requests > 0 { try await Task.sleep(for: limits.pause) }
        var attempt = 1
        while true {
            try Task.checkCancellation()
            state.withLock { $0.requests += 1 }
            do {
                let series = try await source.bars(request)
                state.withLock { $0.hasResponded = true }
                return series
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = MarketDataError(wrapping: error)
                let wait = RetryingSource.wait(after: failure, hasResponded: state.withLock { $0.hasResponded })
                guard attempt < limits.attempts, let wait else { throw failure }
                try await Task.sleep(for: wait)
                attempt += 1
            }
        }
    }

    /// How long to wait before the same request again; `nil` where a retry cannot succeed.
    static func wait(after error: MarketDataError, hasResponded: Bool) -> Duration? {
        switch error.recovery {
        case .retry(let seconds): .seconds(min(max(seconds, 0), 300))
        case .reconnect, .resubscribe: hasResponded ? .seconds(2) : nil
        case .giveUp: nil
        }
    }
}
