public import MarketData
public import MarketStore
import Synchronization

/// Completes series in a store: fetches only what is missing, and writes each page with the coverage it proves
/// before the next is fetched. It may be stopped at any moment and run again: stored bars are not fetched twice.
///
/// The newest pages come first, because where a source's history ends, older pages need not be requested at all.
public struct Backfill: Sendable {
    /// How requests are sent to a source.
    public struct Pace: Hashable, Sendable {
        /// The most bars of one request, held in memory at a time and lost at most in a crash.
        public var pageSize = 20_000
        /// Between two requests.
        public var pause = Duration.milliseconds(100)
        /// How often a request that may succeed later is sent.
        public var attempts = 3

        /// The default settings.
        public init() {}
    }

    /// A source whose prices of a series change more often than this while it is completed is given up.
    private static let mostGenerations = 5

    let store: any BarStore & InstrumentStore
    let source: any BarHistoryProvider
    let calendars: SeriesCalendars
    let pace: Pace
    let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - store: The store to complete.
    ///   - source: The source of the bars.
    ///   - calendars: Which bars must exist, besides the instrument's hours from the source.
    ///   - pace: How requests are sent.
    ///   - clock: The time.
    public init(
        store: any BarStore & InstrumentStore, source: any BarHistoryProvider, calendars: SeriesCalendars,
        pace: Pace = Pace(),
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.source = source
        self.calendars = calendars
        self.pace = pace
        self.clock = clock
    }

    /// Fetches the missing bars of a series over a range.
    /// - Parameter report: Called at the beginning and after every page.
    /// - Returns: The outcome, with the source's failure if there was one.
    /// - Throws: `StoreError` where the store fails, `CancellationError`.
    public func complete(
        _ key: SeriesKey, over range: TimeRange, report: @Sendable (BackfillProgress) async throws -> Void = { _ in }
    ) async throws -> BackfillOutcome {
        var outcome = BackfillOutcome(key: key)
        var done = 0
        let source = RetryingSource(source, pace: pace)
        // What became due since then was not ordered.
        let start = clock()
        // An instrument's hours may become known with the first response, and its prices may change: then other bars are
        // missing.
        while try await work(on: key, over: range, at: start, source, &outcome, &done, report) {}
        outcome.requests = source.requests
        if outcome.requests > 0 {
            outcome.remaining = try await survey(key, range, at: start).plan(pageSize: .max).bars
        }
        return outcome
    }

    /// Fetches what is missing, by what is known of the series' sessions.
    /// - Returns: Whether other bars turned out to be missing.
    private func work(
        on key: SeriesKey, over range: TimeRange, at start: Timestamp, _ source: RetryingSource,
        _ outcome: inout BackfillOutcome, _ done: inout Int,
        _ report: @Sendable (BackfillProgress) async throws -> Void
    ) async throws -> Bool {
        let rule = try await rule(of: key)
        let generation = try await store.generation(of: key)
        let survey = try await survey(key, range, at: start)
        let plan = survey.plan(pageSize: pace.pageSize)
        let fetcher = fetcher(source)
        outcome.keptSince = survey.keptSince
        outcome.missing = done + plan.bars
        let missing = outcome.missing
        try await report(BackfillProgress(key: key, missing: missing, done: done))
        for (index, page) in plan.pages.enumerated().reversed() {
            do {
                let isNewest = page.range.to >= clock().advanced(bySeconds: -2 * key.interval.longestSeconds)
                let span = MissingSpans.Span(range: page.range, isNewest: isNewest)
                let fetched = try await fetcher.fetch(
                    span, of: key, within: plan.limits(of: index), since: range.from, generation: generation)
                outcome.provenance = outcome.provenance ?? fetched.series.provenance
                try outcome.add(fetched.admission, mostGenerations: Backfill.mostGenerations)
                if fetched.isPlanObsolete || fetched.rest(of: span) != nil { return true }
                done += page.bars
                outcome.shortfall = fetched.reach.shortfall ?? outcome.shortfall
                let isEnd = fetched.reach != .whole
                try await report(BackfillProgress(key: key, missing: missing, done: isEnd ? missing : done))
                if isEnd { return false }
                if try await self.rule(of: key) != rule { return true }
            } catch let error as MarketDataError {
                try await keep(neverTraded: error, key, range)
                outcome.error = error
                return false
            } catch is StoreError where Task.isCancelled {
                throw CancellationError()
            }
        }
        return false
    }

    private func survey(
        _ key: SeriesKey, _ range: TimeRange, at start: Timestamp
    ) async throws(StoreError) -> SeriesSurvey {
        try await SeriesSurvey(
            of: key, over: range, in: store, boundaries: calendars.boundaries(of: key, in: store), now: start)
    }

    private func rule(of key: SeriesKey) async throws(StoreError) -> SeriesCalendars.Rule {
        SeriesCalendars.rule(of: key, try await store.instrument(of: key.symbol))
    }

    private func fetcher(_ source: RetryingSource) -> SeriesFetcher {
        SeriesFetcher(
            store: store, clock: clock,
            boundaries: { (key) throws(StoreError) in try await calendars.boundaries(of: key, in: store) },
            ask: { request in
                let series = try await source.bars(request)
                // The instrument's hours decide which of its bars must exist, here and later.
                if let instrument = series.instrument, try await store.instrument(of: instrument.symbol) != instrument {
                    try await store.keep(instrument)
                }
                return series
            }, keep: { (run, condition) throws(StoreError) in try await store.admit(run, if: condition) })
    }

    /// Also stores that an instrument has never traded, so that it is not requested again.
    private func keep(neverTraded error: MarketDataError, _ key: SeriesKey, _ range: TimeRange) async throws {
        guard error.code == .neverTraded, let source = error.source else { return }
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

extension BarRequest {
    /// A request for bars of a series.
    init(_ key: SeriesKey, span: Span) {
        self.init(
            symbol: key.symbol, interval: key.interval, span: span, hours: key.hours, adjustment: key.adjustment,
            backAdjusted: key.backAdjusted)
    }
}

extension Backfill {
    /// What happens while a job is worked on.
    public enum Event: Sendable {
        /// The item was complete before, over a span that does not grow: nothing is to be done.
        case skipped(BackfillJob.Item)
        /// How far an item has come.
        case progress(BackfillJob.Item, BackfillProgress)
        /// What became of an item; it is noted in the job.
        case settled(BackfillJob.Item, BackfillOutcome)
    }

    /// Works on what a job has left, item by item. To be ended at any moment and begun again with the job as it is then
    /// in the store: its pages are written before they count, and its items settled after their last page.
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
    private let pace: Backfill.Pace
    private let state = Mutex((requests: 0, hasAnswered: false))

    init(_ source: any BarHistoryProvider, pace: Backfill.Pace) {
        self.source = source
        self.pace = pace
    }

    /// How many requests were sent.
    var requests: Int { state.withLock { $0.requests } }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        if requests > 0 { try await Task.sleep(for: pace.pause) }
        var attempt = 1
        while true {
            try Task.checkCancellation()
            state.withLock { $0.requests += 1 }
            do {
                let series = try await source.bars(request)
                state.withLock { $0.hasAnswered = true }
                return series
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = MarketDataError(wrapping: error)
                let wait = RetryingSource.wait(after: failure, hasAnswered: state.withLock { $0.hasAnswered })
                guard attempt < pace.attempts, let wait else { throw failure }
                try await Task.sleep(for: wait)
                attempt += 1
            }
        }
    }

    /// How long to wait before the same request again; `nil` where that is in vain.
    static func wait(after error: MarketDataError, hasAnswered: Bool) -> Duration? {
        switch error.recovery {
        case .retry(let seconds): .seconds(min(max(seconds, 0), 300))
        case .reconnect, .resubscribe: hasAnswered ? .seconds(2) : nil
        case .giveUp: nil
        }
    }
}
