import Logging
public import MarketData
import MarketStore

/// A source of past bars behind the store: what is stored is not fetched again, what is unknown is fetched and kept, and
/// gaps are listed with their reason (docs/decisions/0008-stored-history.md).
public struct StoredHistory: BarHistoryProvider {
    /// How often a window is widened that holds fewer bars than were requested.
    private static let mostSteps = 6
    /// How often a read starts again because the prices of the series changed meanwhile.
    private static let mostAttempts = 2

    let source: any BarHistoryProvider
    let cache: BarCache
    let instruments: InstrumentCache
    let journal: ArchiveJournal
    let clock: @Sendable () -> Timestamp
    private let flights = SingleFlight<BarRequest, BarSeries>()
    private let negativeCache = NegativeCache()

    /// - Parameters:
    ///   - source: Where what is unknown is fetched.
    ///   - cache: Where bars are kept.
    ///   - clock: The time.
    public init(_ source: any BarHistoryProvider, cache: BarCache, clock: @escaping @Sendable () -> Timestamp) {
        self.init(source, cache: cache, journal: ArchiveJournal(clock: clock), clock: clock)
    }

    init(
        _ source: any BarHistoryProvider, cache: BarCache, journal: ArchiveJournal,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.source = source
        self.cache = cache
        self.journal = journal
        self.clock = clock
        instruments = InstrumentCache(cache)
    }

    /// The bars requested, from the store as far as it has them.
    /// - Throws: `MarketDataError`: the source's, where none of the bars requested is stored.
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        try request.validate()
        guard request.currency == nil else { return try await source.bars(request) }
        do {
            return try await flights.value(for: request) { try await answer(request) }
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let built = await builtFromStored(request, because: error) else { throw error }
            return built
        } catch let error as StoreError {
            try Task.checkCancellation()
            note(error, doing: "bars were served without the store")
            return try await source.bars(request)
        }
    }

    /// Fetches what is unknown of a range, and the newest bars where it reaches up to now.
    /// - Returns: Why something could not be fetched; `nil` if everything was.
    /// - Throws: `StoreError`; `MarketDataError` for a permanent failure; `CancellationError`.
    func complete(_ key: SeriesKey, over range: TimeRange) async throws -> MarketDataError? {
        for _ in 0..<StoredHistory.mostAttempts {
            let series = try await series(key)
            var gathering = Gathering()
            if try await gather(series, over: range, withUnkept: false, into: &gathering) != nil {
                return gathering.failure
            }
        }
        return nil
    }

    /// Where the bars of a series begin and end, as far as is known.
    /// - Throws: `StoreError`.
    func boundaries(of key: SeriesKey) async throws(StoreError) -> BarBoundaries? {
        cache.calendars.boundaries(of: key, instrument: try await instruments.instrument(of: key.symbol))
    }

    /// The basis of a response: one generation of a series at one moment.
    private struct Series {
        let key: SeriesKey
        let boundaries: BarBoundaries?
        let now: Timestamp
        let generation: Int
    }

    private func series(_ key: SeriesKey) async throws(StoreError) -> Series {
        Series(
            key: key, boundaries: try await boundaries(of: key), now: clock(),
            generation: try await cache.store.generation(of: key))
    }

    private func answer(_ request: BarRequest) async throws -> BarSeries {
        let key = SeriesKey(request)
        for _ in 0..<StoredHistory.mostAttempts {
            let series = try await series(key)
            guard let window = try await window(of: request, in: series) else { break }
            if let answer = try await answer(request, over: window, in: series) { return answer }
            // What may not be written would be found to have changed again.
            if cache.isReadOnly { break }
        }
        return try await asItStands(request)
    }

    /// - Returns: `nil` where the prices of the series changed meanwhile, or the window would have to be ever wider.
    private func answer(_ request: BarRequest, over window: TimeRange, in series: Series) async throws -> BarSeries? {
        var (window, part) = (window, window)
        var gathering = Gathering()
        for step in 0..<StoredHistory.mostSteps {
            guard let survey = try await gather(series, over: part, into: &gathering) else { return nil }
            let stored = try await cache.store.bars(of: series.key, in: window)
            guard try await cache.store.generation(of: series.key) == series.generation else { return nil }
            let answer = StoredAnswer(
                request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
                gathering: gathering, historyBegins: survey.beginsBeforeHistory, now: series.now
            ).series
            if let failure = gathering.failure, answer.bars.isEmpty { throw failure }
            guard let missing = request.missing(in: answer), gathering.mayGoOn, answer.shortfall == nil,
                let boundaries = series.boundaries
            else { return answer }
            let older = FetchPlan.range(ofNewest: missing << step, boundaries: boundaries, now: window.from)
            part = TimeRange(from: older.from, to: window.from)
            window = TimeRange(from: older.from, to: window.to)
        }
        return nil
    }

    /// The span that must be complete for a request; `nil` if none of it is stored, or it is unknown.
    private func window(of request: BarRequest, in series: Series) async throws(StoreError) -> TimeRange? {
        let (key, now) = (series.key, series.now)
        let count: Int
        switch request.span {
        case .range(let range): return range.holdsTooMany(request.interval, now) ? nil : range
        case .count(let number): count = number
        }
        guard let boundaries = series.boundaries else {
            let stored = try await cache.store.newestBars(of: key, count: count).bars
            guard stored.count == count, let first = stored.first?.time else { return nil }
            // The same for all requests within a moment, so that they share one response.
            let end = Timestamp(seconds: now.seconds + 2 * max(1, request.interval.longestSeconds))
            return TimeRange(from: first, to: end)
        }
        let latest = boundaries.latestBar(at: now)
        let over = latest.to > now ? count - 1 : count
        let from = FetchPlan.range(ofNewest: over, boundaries: boundaries, now: now).from
        let stored = try await cache.store.newestBars(of: key, count: count).bars
        guard let first = stored.first?.time, let last = stored.last?.time else { return nil }
        let end = max(latest.to, last.advanced(bySeconds: 1), now)
        if last >= from { return TimeRange(from: from, to: end) }
        // The newest bars are older than the calendar says. They are served if no source has newer ones.
        let window = TimeRange(from: first, to: end)
        let survey = try await SeriesSurvey(
            of: key, over: window, in: cache.store, boundaries: boundaries, now: now)
        return stored.count == count && survey.unknown.isEmpty ? window : nil
    }

    /// Fetches the unknown spans of a window, the newest first, and keeps what comes.
    /// - Parameter withUnkept: Whether to fetch also the span that the store does not keep: the source may have it.
    /// - Returns: What the store had before; `nil` where the prices of the series changed, so that other spans are unknown.
    private func gather(
        _ series: Series, over window: TimeRange, withUnkept: Bool = true, into gathering: inout Gathering
    ) async throws -> SeriesSurvey? {
        let survey = try await SeriesSurvey(
            of: series.key, over: window, in: cache.store, boundaries: series.boundaries, now: series.now)
        let known = survey.unknown(of: negativeCache.gaps(of: series.key, now: series.now))
        gathering.add(known: known)
        let newest = try await cache.store.newestBars(of: series.key, count: 1)
        let heard = newest.stretches.last?.provenance.asOf
        var spans = MissingSpans(survey.without(known), window: window, heard: heard).spans
            .filter { $0.isKept || withUnkept }
        var requests = 0
        while !spans.isEmpty {
            let span = spans.removeFirst()
            guard gathering.mayGoOn else {
                for part in survey.missing(within: span, heard: heard) { gathering.skip(part, now: series.now) }
                continue
            }
            do {
                let page = try await fetcher.fetch(
                    span, of: series.key, since: window.from, generation: series.generation)
                if page.isPlanObsolete { return nil }
                if span.isKept { negativeCache.learn(page.series.gaps, of: series.key, now: clock()) }
                requests += 1
                var (range, reach) = (span.range, page.reach)
                if let rest = page.rest(of: span) {
                    if requests < MissingSpans.mostRequests {
                        spans.insert(rest, at: 0)
                        (range, reach) = (TimeRange(from: rest.range.to, to: range.to), .whole)
                    } else {
                        reach = .ends(.more)
                    }
                }
                gathering.add(page.series.since(window.from), to: range, reach: reach)
            } catch let error as MarketDataError where error.leavesTheStore {
                gathering.fail(survey.missing(within: span, heard: heard), error, now: series.now)
            }
        }
        return survey
    }

    /// Sends a request unchanged to the source, and stores the response.
    /// - Throws: `MarketDataError`, where the source is unavailable and the newest bars that are stored are too old.
    private func asItStands(_ request: BarRequest) async throws -> BarSeries {
        let key = SeriesKey(request)
        do {
            let series = try await fetcher.ask(request)
            guard let first = series.bars.first?.time, let last = series.bars.last?.time else { return series }
            var end = max(series.provenance.asOf, last.advanced(bySeconds: 1))
            // Of what comes after a range nothing was said.
            if case .range(let range) = request.span { end = min(end, range.to) }
            let page = FetchedPage(
                series, to: TimeRange(from: first, to: end), of: key, since: first,
                boundaries: try await boundaries(of: key))
            negativeCache.learn(series.gaps, of: key, now: clock())
            _ = try await fetcher.admit(page.run, generation: try await cache.store.generation(of: key))
            return series
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let answer = try await newestStored(request, because: error) else { throw error }
            return answer
        }
    }
}

// MARK: - Asking and keeping

extension StoredHistory {
    var fetcher: SeriesFetcher {
        SeriesFetcher(
            store: cache.store, clock: clock,
            boundaries: { (key) throws(StoreError) in try await boundaries(of: key) },
            ask: { request in
                let series = try await source.bars(request)
                journal.requested(returned: series.bars.count)
                do throws(StoreError) {
                    try await instruments.learn(series.instrument)
                } catch {
                    note(error, doing: "an instrument could not be stored")
                }
                return series
            }, keep: { (run, condition) throws(StoreError) in await keep(run, if: condition) })
    }

    /// Admits a run into the store.
    func write(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        let admission = try await cache.store.admit(run, if: condition)
        journal.wrote(admission)
        if admission.verdict == .newGeneration {
            cache.logger.warning(
                "all prices of a series have changed; it is fetched again as it is requested",
                metadata: ["series": "\(run.key)", "source": "\(run.provenance.source.rawValue)"])
        }
        return admission
    }

    /// The same for an answer, which a store that fails or may not be written does not spoil: whether the run is on the
    /// level of the stored bars is decided all the same.
    private func keep(_ run: BarRun, if condition: Admission.Condition) async -> Admission {
        do throws(StoreError) {
            guard cache.isReadOnly else { return try await write(run, if: condition) }
        } catch {
            if !Task.isCancelled { note(error, doing: "bars were not kept") }
        }
        return Admission((try? await cache.store.verdict(on: run, if: condition)) ?? .appended)
    }

    func note(_ error: StoreError, doing what: String) {
        journal.failed(error)
        cache.logger.error(
            "the store failed", metadata: ["what": "\(what)", "code": "\(error.code)", "why": "\(error.message)"])
    }
}

extension BarSeries {
    /// The same without the bars before an instant, which were only fetched to be compared.
    fileprivate func since(_ time: Timestamp) -> BarSeries {
        var series = self
        series.bars.removeAll { $0.time < time }
        return series
    }
}

extension BarRequest {
    /// How many bars fewer there are than were counted; `nil` where there are enough, or none were counted.
    fileprivate func missing(in series: BarSeries) -> Int? {
        guard case .count(let count) = span, series.bars.count < count else { return nil }
        return count - series.bars.count
    }
}

extension TimeRange {
    /// The most bars read for one response: some 76 years of minutes without a night.
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

/// Answers while the source is unavailable.
extension StoredHistory {
    /// Where no calendar says which bars are the newest: those that are stored, if the newest of them is younger than
    /// as many bars as were requested.
    func newestStored(_ request: BarRequest, because error: MarketDataError) async throws(StoreError) -> BarSeries? {
        let (key, now) = (SeriesKey(request), clock())
        guard case .count(let count) = request.span, try await boundaries(of: key) == nil else { return nil }
        let stored = try await cache.store.newestBars(of: key, count: count)
        let length = request.interval.longestSeconds
        guard let last = stored.bars.last(where: \.isFinal)?.time,
            last >= now.advanced(bySeconds: -length * Int64(count))
        else { return nil }
        var gathering = Gathering()
        gathering.fail([TimeRange(from: last.advanced(bySeconds: length), to: now)], error, now: now)
        return StoredAnswer(
            request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
            gathering: gathering, historyBegins: false, now: now
        ).series
    }

    /// None of the requested bars is stored: built from stored finer ones, named in the response. A source's own
    /// bars of days may differ in the close, where the exchange fixes an official one.
    /// - Returns: `nil` where no finer series is stored, or none of it is of the time requested.
    func builtFromStored(_ request: BarRequest, because error: MarketDataError) async -> BarSeries? {
        let key = SeriesKey(request)
        let finer = try? await cache.store.series().map(\.key).filter { other in
            other.symbol == key.symbol && other.hours == key.hours && other.adjustment == key.adjustment
                && other.backAdjusted == key.backAdjusted
        }
        guard let parent = request.interval.parent(among: (finer ?? []).map(\.interval)) else { return nil }
        let stored = StoredHistory(Away(error: error), cache: cache, journal: journal, clock: clock)
        let series = try? await ResampledHistory(stored, keeping: [parent], clock: clock).bars(request)
        return series?.bars.isEmpty == false ? series : nil
    }

    /// The source while it is unavailable, so that it is not requested again.
    private struct Away: BarHistoryProvider {
        let error: MarketDataError

        func bars(_ request: BarRequest) async throws -> BarSeries { throw error }
    }
}

extension MarketDataError {
    /// Whether the source is unavailable or refuses us for now, so that what is stored is the answer, with its gaps named.
    var leavesTheStore: Bool {
        isOutage || [.throttled, .overloaded, .notEntitled].contains(code)
    }
}

extension MarketDataError {
    /// The error itself, or one for a failure of an unknown type.
    package init(wrapping error: any Error) {
        self =
            error as? MarketDataError
            ?? MarketDataError(.upstreamUnavailable, "a source failed in an unforeseen way (\(type(of: error)))")
    }

    /// Whether the source could not be reached, or not be understood.
    package var isOutage: Bool {
        switch code {
        case .upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .signInRefused: true
        default: false
        }
    }
}
