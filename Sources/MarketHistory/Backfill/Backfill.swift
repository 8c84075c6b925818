public import MarketData
public import MarketStore

/// Completes series in a store: asks it what is missing, fetches only that, and writes each page with what it proves
/// before the next is asked for. To be ended at any moment and begun again: what is stored is not fetched twice.
///
/// The newest pages come first, because where a source's history ends, older pages need not be asked for at all.
public struct Backfill: Sendable {
    /// How a source is asked.
    public struct Pace: Hashable, Sendable {
        /// The most bars of one question; what is in memory at a time, and what a crash may cost.
        public var pageSize = 20_000
        /// Between two questions.
        public var pause = Duration.milliseconds(100)
        /// How often a question that may succeed later is put.
        public var attempts = 3

        /// The usual pace.
        public init() {}
    }

    let store: any BarStore & InstrumentStore
    let source: any BarHistoryProvider
    let calendars: SeriesCalendars
    let pace: Pace
    let clock: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - store: What is to be completed.
    ///   - source: Who is asked.
    ///   - calendars: Which bars must exist, beside what the source says of the instrument.
    ///   - pace: How the source is asked.
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

    /// Fetches what the store lacks of a series over a range.
    /// - Parameter report: Called at the beginning and after every page.
    /// - Returns: What came of it; a source's failure is told there.
    /// - Throws: `StoreError` where the store fails, `CancellationError`.
    public func complete(
        _ key: SeriesKey, over range: TimeRange, report: @Sendable (BackfillProgress) async throws -> Void = { _ in }
    ) async throws -> BackfillOutcome {
        var outcome = BackfillOutcome(key: key)
        // An instrument's hours may become known with the first answer, and with them what there is to be asked.
        var done = 0
        // What became due since then was not ordered.
        let start = clock()
        while try await work(on: key, over: range, at: start, &outcome, &done, report) {}
        if outcome.questions > 0 {
            outcome.remaining = try await survey(key, range, at: start).plan(pageSize: .max).bars
        }
        return outcome
    }

    /// Fetches what is missing as far as it is known what there should be.
    /// - Returns: Whether an answer told that other bars should be there.
    private func work(
        on key: SeriesKey, over range: TimeRange, at start: Timestamp, _ outcome: inout BackfillOutcome,
        _ done: inout Int, _ report: @Sendable (BackfillProgress) async throws -> Void
    ) async throws -> Bool {
        let rule = try await rule(of: key)
        let survey = try await survey(key, range, at: start)
        let plan = survey.plan(pageSize: pace.pageSize)
        outcome.keptSince = survey.keptSince
        outcome.lacking = done + plan.bars
        let lacking = outcome.lacking
        try await report(BackfillProgress(key: key, lacking: lacking, done: done))
        for (index, page) in plan.pages.enumerated().reversed() {
            do {
                let isEnd = try await fetch(page, within: plan.limits(of: index), since: range.from, &outcome)
                if outcome.isOutdated {
                    outcome.isOutdated = false
                    return true
                }
                done += page.bars
                try await report(BackfillProgress(key: key, lacking: lacking, done: isEnd ? lacking : done))
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

    /// Asks for a page and keeps the answer; says whether older pages need not be asked for. Stored bars beside it that
    /// were told long ago are asked for again: where all prices have changed since, the whole series is outdated.
    private func fetch(
        _ page: FetchPlan.Page, within limits: TimeRange, since oldest: Timestamp, _ outcome: inout BackfillOutcome
    ) async throws -> Bool {
        let key = outcome.key
        let now = clock()
        let isNewest = page.range.to >= now.advanced(bySeconds: -2 * key.interval.roughSeconds)
        let probe = try await BasisProbe(
            around: page.range, of: key, within: limits, isNewest: isNewest, in: store, now: now)
        let series = try await ask(BarRequest(key, span: .range(probe.range)), &outcome)
        try await learn(series.instrument)
        if BasisChange.between(stored: probe.stored, incoming: series.bars) != nil,
            !BasisChange.keepsLevel(
                stored: probe.stored, incoming: series.bars, isBackAdjusted: key.backAdjusted)
        {
            try await store.outdate(key, before: TimeRange.always.to)
            outcome.rebased += 1
            outcome.isOutdated = true
        }
        let boundaries = try await calendars.boundaries(of: key, in: store)
        let answer = PageAnswer(series, to: probe.range, of: key, since: oldest, boundaries: boundaries)
        outcome.add(try await store.write(answer.run))
        outcome.provenance = outcome.provenance ?? series.provenance
        switch answer.reach {
        case .whole: return false
        case .historyBegins: return true
        case .ends(let shortfall):
            outcome.shortfall = shortfall
            return true
        }
    }

    /// What a source says of an instrument decides which of its bars must exist, here and later.
    private func learn(_ instrument: Instrument?) async throws(StoreError) {
        guard let instrument, try await store.instrument(of: instrument.symbol) != instrument else { return }
        try await store.keep(instrument)
    }

    /// Puts a question, again after a while where the source says so, or where it has answered before.
    private func ask(_ request: BarRequest, _ outcome: inout BackfillOutcome) async throws -> BarSeries {
        if outcome.questions > 0 { try await Task.sleep(for: pace.pause) }
        var attempt = 1
        while true {
            try Task.checkCancellation()
            outcome.questions += 1
            do {
                return try await source.bars(request)
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = MarketDataError(wrapping: error)
                let wait = Backfill.wait(after: failure, hasAnswered: outcome.provenance != nil)
                guard attempt < pace.attempts, let wait else { throw failure }
                try await Task.sleep(for: wait)
                attempt += 1
            }
        }
    }

    static func wait(after error: MarketDataError, hasAnswered: Bool) -> Duration? {
        switch error.recovery {
        case .retry(let seconds): .seconds(min(max(seconds, 0), 300))
        case .reconnect, .resubscribe: hasAnswered ? .seconds(2) : nil
        case .giveUp: nil
        }
    }

    /// That an instrument has never traded is knowledge too, and is not asked again.
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
