public import MarketData
import MarketStore

/// A source of past bars with a memory: what is stored is not asked for again, what is missing is fetched and kept, and
/// what cannot be had is named.
///
/// The rules are in docs/decisions/0008-stored-history.md.
public struct StoredHistory: BarHistoryProvider {
    /// How often a window is widened that holds fewer bars than were asked for.
    private static let mostSteps = 6

    let source: any BarHistoryProvider
    let memory: BarMemory
    let instruments: KnownInstruments
    let journal: ArchiveJournal
    let clock: @Sendable () -> Timestamp
    let fetches = SharedAnswers<BarRequest, SpanFetch.Outcome>()
    let questions = SharedAnswers<BarRequest, BarSeries>()
    let answers = SharedAnswers<BarRequest, BarSeries>()
    let holes = KnownHoles()

    /// - Parameters:
    ///   - source: Who is asked for what is missing.
    ///   - memory: Where bars are kept.
    ///   - clock: The time.
    public init(_ source: any BarHistoryProvider, memory: BarMemory, clock: @escaping @Sendable () -> Timestamp) {
        self.init(source, memory: memory, journal: ArchiveJournal(clock: clock), clock: clock)
    }

    init(
        _ source: any BarHistoryProvider, memory: BarMemory, journal: ArchiveJournal,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.memory = memory
        self.journal = journal
        self.clock = clock
        instruments = KnownInstruments(memory)
    }

    /// The bars asked for, from the store as far as it has them.
    /// - Throws: `MarketDataError`: the source's, where none of the bars asked for is stored.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        try request.validate()
        guard request.currency == nil else { return try await source.bars(request) }
        do {
            // Shared as a whole: one who surveyed before another's answer was written would ask for it again.
            return try await answers.answer(to: request) { try await answer(request) }
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let built = await builtFromStored(request, because: error) else { throw error }
            return built
        } catch let error as StoreError {
            try Task.checkCancellation()
            note(error, doing: "an answer was given without the store")
            return try await source.bars(request)
        }
    }

    /// Fetches what the store lacks of a range, and the newest bars where it reaches up to now.
    /// - Returns: Why something could not be had; `nil` where all came.
    /// - Throws: `StoreError`; `MarketDataError` for what can never be had; `CancellationError`.
    func complete(_ key: SeriesKey, over range: TimeRange) async throws -> MarketDataError? {
        var gathering = Gathering()
        _ = try await gather(
            key, over: range, try await boundaries(of: key), at: clock(), withUnkept: false, into: &gathering)
        return gathering.failure
    }

    /// Where the bars of a series begin and end, as far as is known.
    /// - Throws: `StoreError`.
    func boundaries(of key: SeriesKey) async throws(StoreError) -> BarBoundaries? {
        memory.calendars.boundaries(of: key, instrument: try await instruments.instrument(of: key.symbol))
    }

    private func answer(_ request: BarRequest) async throws -> BarSeries {
        let (key, now) = (SeriesKey(request), clock())
        let boundaries = try await boundaries(of: key)
        guard var window = try await window(of: request, boundaries, now) else { return try await asItStands(request) }
        var part = window
        var (gathering, surveyed) = (Gathering(), CoverageMap())
        for step in 0..<StoredHistory.mostSteps {
            let survey = try await gather(key, over: part, boundaries, at: now, into: &gathering)
            surveyed.add(survey.coverage)
            let (stored, lost) = try await stored(key, in: window, asOf: surveyed)
            var told = gathering
            told.leaveOut(lost)
            let series = StoredAnswer(
                request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
                gathering: told, historyBegins: survey.beginsBeforeHistory, now: now
            ).series
            if let failure = gathering.failure, series.bars.isEmpty { throw failure }
            guard let lacking = request.lacking(in: series), gathering.mayGoOn, series.shortfall == nil, let boundaries
            else { return series }
            let older = FetchPlan.range(ofNewest: lacking << step, boundaries: boundaries, now: window.from)
            part = TimeRange(from: older.from, to: window.from)
            window = TimeRange(from: older.from, to: window.to)
        }
        return try await asItStands(request)
    }

    /// The span whose completeness answers a request; `nil` where nothing of it is stored, or it cannot be told.
    private func window(
        of request: BarRequest, _ boundaries: BarBoundaries?, _ now: Timestamp
    ) async throws(StoreError) -> TimeRange? {
        let count: Int
        switch request.span {
        case .range(let range): return range.holdsTooMany(request.interval, now) ? nil : range
        case .count(let number): count = number
        }
        let key = SeriesKey(request)
        guard let boundaries else {
            let stored = try await memory.store.newestBars(of: key, count: count).bars
            guard stored.count == count, let first = stored.first?.time else { return nil }
            // The same for all who ask within a moment, so that they share an answer.
            let end = Timestamp(seconds: now.seconds + 2 * max(1, request.interval.roughSeconds))
            return TimeRange(from: first, to: end)
        }
        let latest = boundaries.latestBar(at: now)
        let over = latest.to > now ? count - 1 : count
        let from = FetchPlan.range(ofNewest: over, boundaries: boundaries, now: now).from
        guard let last = try await memory.store.newestBars(of: key, count: 1).bars.last?.time, last >= from else {
            return nil
        }
        return TimeRange(from: from, to: max(latest.to, last.advanced(bySeconds: 1)))
    }

    /// Asks for the missing spans of a window, the newest first, and keeps what comes.
    /// - Parameter withUnkept: Whether the span is asked for, too, of which the store keeps nothing: the source may show it.
    /// - Returns: What the store had before.
    private func gather(
        _ key: SeriesKey, over window: TimeRange, _ boundaries: BarBoundaries?, at now: Timestamp,
        withUnkept: Bool = true, isAgain: Bool = false, into gathering: inout Gathering
    ) async throws -> SeriesSurvey {
        let survey = try await SeriesSurvey(
            of: key, over: window, in: memory.store, boundaries: boundaries, now: now)
        let known = survey.missing(of: holes.holes(of: key, now: now))
        gathering.add(known: known)
        let newest = try await memory.store.newestBars(of: key, count: 1)
        let heard = newest.stretches.last?.provenance.asOf
        for span in MissingSpans(survey.without(known), window: window, heard: heard).spans
        where span.isKept || withUnkept {
            guard gathering.mayGoOn else {
                gathering.skip(span.range, now: now)
                continue
            }
            do {
                let outcome = try await SpanFetch(history: self, key: key, span: span, since: window.from).run()
                gathering.add(outcome.series.since(window.from), to: span.range, reach: outcome.reach)
                if let first = outcome.anewSince {
                    guard first > window.from else { return survey }
                    guard memory.isReadOnly || isAgain else {
                        // What was had may lack now.
                        return try await gather(
                            key, over: window, boundaries, at: now, withUnkept: withUnkept, isAgain: true,
                            into: &gathering)
                    }
                    gathering.outdate(window, before: first)
                }
            } catch let error as MarketDataError where error.leavesTheStore {
                gathering.fail(span.range, error, now: now)
            }
        }
        return survey
    }
}

extension BarSeries {
    /// The same without the bars before an instant, which were only asked for to be compared.
    fileprivate func since(_ time: Timestamp) -> BarSeries {
        var series = self
        series.bars.removeAll { $0.time < time }
        return series
    }
}

extension BarRequest {
    /// How many bars fewer there are than were counted; `nil` where there are enough, or none were counted.
    fileprivate func lacking(in series: BarSeries) -> Int? {
        guard case .count(let count) = span, series.bars.count < count else { return nil }
        return count - series.bars.count
    }
}

extension TimeRange {
    /// More bars than these are not looked through for one answer: some 76 years of minutes without a night.
    private static let mostBars: Int64 = 40_000_000

    /// Whether the part of the range that is over may hold more bars than can be looked through.
    fileprivate func holdsTooMany(_ interval: Interval, _ now: Timestamp) -> Bool {
        guard let seconds = interval.seconds else { return false }
        return (min(to, now).seconds - from.seconds) / seconds > TimeRange.mostBars
    }
}

extension SeriesSurvey {
    /// Whether the range is known to begin before the first bar there ever was.
    fileprivate var beginsBeforeHistory: Bool {
        let state = coverage.state(at: range.from)
        return state == .empty(.beforeHistory) || state == .empty(.neverTraded)
    }
}

extension MarketDataError {
    /// Whether the source is away or refuses us for now, so that what is stored is the answer, with its holes named.
    var leavesTheStore: Bool {
        isOutage || [.throttled, .overloaded, .notEntitled].contains(code)
    }
}
