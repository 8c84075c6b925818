import Logging
public import MarketData
import MarketStore

/// A source of past bars behind the store: what is stored is not fetched again, what is unknown is fetched and kept, and
/// gaps are listed with their reason (docs/decisions/0008-stored-history.md).
public struct StoredHistory: BarHistoryProvider, ReusableBarHistory {
    /// How often a window is widened that holds fewer bars than were requested.
    private static let mostSteps = 6
    /// How often a read starts again because the prices of the series changed meanwhile.
    private static let mostAttempts = 2
    /// The most bars that a range may hold to be read through the store: some 76 years of minutes without a night.
    private static let mostBars: Int64 = 40_000_000

    let source: any BarHistoryProvider
    let cache: BarCache
    let instruments: InstrumentCache
    let journal: ArchiveJournal
    let clock: @Sendable () -> Timestamp
    private let flights = SingleFlight<BarRequest, Reusable<BarSeries>>()
    private let negativeCache = NegativeCache()

    /// - Parameters:
    ///   - source: Where what is unknown is fetched.
    ///   - cache: Where bars are kept.
    ///   - clock: The time.
    public init(_ source: any BarHistoryProvider, cache: BarCache, clock: @escaping @Sendable () -> Timestamp) {
        self.source = source
        self.cache = cache
        self.clock = clock
        journal = ArchiveJournal(clock: clock)
        instruments = InstrumentCache(cache)
    }

    /// The bars requested, from the store as far as it has them.
    /// - Throws: `MarketDataError`: the source's, where none of the bars requested is stored.
    public func bars(_ request: BarRequest) async throws -> BarSeries { try await reusableBars(request).value }

    /// The same, with the time in which a new request would return the same: where no source was needed.
    package func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        try request.validate()
        guard request.currency == nil else { return Reusable(try await source.bars(request)) }
        do {
            return try await flights.value(for: request) { try await response(to: request) }
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let built = await builtFromStored(request, because: error) else { throw error }
            return Reusable(built)
        } catch let error as StoreError {
            try Task.checkCancellation()
            note(error, doing: "bars were served without the store")
            return Reusable(try await source.bars(request))
        }
    }

    /// Fetches what is unknown of a range, and the newest bars where it reaches up to now.
    /// - Returns: Why something could not be fetched; `nil` if everything was.
    /// - Throws: `StoreError`; `MarketDataError` for a permanent failure; `CancellationError`.
    func complete(_ key: SeriesKey, over range: TimeRange) async throws -> MarketDataError? {
        for _ in 0..<StoredHistory.mostAttempts {
            var outcome = FetchOutcome()
            if try await fetchUnknown(of: series(key), over: range, beyondRetention: false, &outcome) != nil {
                return outcome.failure
            }
        }
        return nil
    }

    /// What a response is read from: one generation of a series at one moment.
    private struct Series {
        let key: SeriesKey
        let boundaries: BarBoundaries?
        let generation: Int
        /// The time, a whole second, and what else the response depends on.
        let validity: Validity
        var now: Timestamp { validity.moment }
    }

    private func series(_ key: SeriesKey) async throws(StoreError) -> Series {
        let state = [cache.changes, negativeCache.changes, instruments.changes].compactMap { $0 }
        let validity = Validity(clock: clock, state: state)
        return Series(
            key: key, boundaries: try await boundaries(of: key), generation: try await store.generation(of: key),
            validity: validity)
    }

    private func response(to request: BarRequest) async throws -> Reusable<BarSeries> {
        for _ in 0..<StoredHistory.mostAttempts {
            let series = try await series(SeriesKey(request))
            guard let window = try await window(of: request, in: series) else { break }
            if let response = try await response(to: request, over: window, in: series) { return response }
            // What may not be written would be found to have changed again.
            if cache.isReadOnly { break }
        }
        return Reusable(try await fetchUnchanged(request))
    }

    /// - Returns: `nil` where the prices of the series changed meanwhile, or the window would have to be ever wider.
    private func response(
        to request: BarRequest, over window: TimeRange, in series: Series
    ) async throws -> Reusable<BarSeries>? {
        var (window, part) = (window, window)
        var outcome = FetchOutcome()
        for step in 0..<StoredHistory.mostSteps {
            guard let survey = try await fetchUnknown(of: series, over: part, withBars: part == window, &outcome) else {
                return nil
            }
            let stored =
                if outcome.isFromStore, let bars = survey.bars { bars } else {
                    try await store.bars(of: series.key, in: window)
                }
            guard try await store.generation(of: series.key) == series.generation else { return nil }
            let beginning = survey.coverage.state(at: part.from)
            let response = StoredResponse(
                request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
                fetched: outcome, now: series.now,
                historyBegins: beginning == .empty(.beforeHistory) || beginning == .empty(.neverTraded)
            ).series
            if let failure = outcome.failure, response.bars.isEmpty { throw failure }
            guard case .count(let count) = request.span, response.bars.count < count, outcome.mayContinue,
                response.shortfall == nil, let boundaries = series.boundaries
            else {
                let isReusable = outcome.isFromStore && cache.changes != nil
                return Reusable(response, validity: isReusable ? series.validity : nil)
            }
            let missing = count - response.bars.count
            let older = boundaries.range(ofNewest: missing << step, at: window.from)
            part = TimeRange(from: older.from, to: window.from)
            window = TimeRange(from: older.from, to: window.to)
        }
        return nil
    }

    /// The span that must be complete for a request; `nil` if none of it is stored, or it is unknown.
    private func window(of request: BarRequest, in series: Series) async throws(StoreError) -> TimeRange? {
        let (interval, now) = (request.interval, series.now)
        let count: Int
        switch request.span {
        case .range(let range):
            let bars = interval.seconds.map { (min(range.to, now).seconds - range.from.seconds) / $0 } ?? 0
            return bars <= StoredHistory.mostBars ? range : nil
        case .count(let number): count = number
        }
        let stored = try await store.newestBars(of: series.key, count: count).bars
        guard let first = stored.first?.time, let last = stored.last?.time else { return nil }
        guard let boundaries = series.boundaries else {
            guard stored.count == count else { return nil }
            // The same for all requests within a moment, so that they share one response.
            let end = Timestamp(seconds: now.seconds + 2 * max(1, interval.longestSeconds))
            return TimeRange(from: first, to: end)
        }
        let latest = boundaries.latestBar(at: now)
        let from = boundaries.range(ofNewest: latest.to > now ? count - 1 : count, at: now).from
        let end = max(latest.to, last.advanced(bySeconds: 1), now)
        if last >= from { return TimeRange(from: from, to: end) }
        // The newest bars are older than the calendar says. They are served if no source has newer ones.
        let window = TimeRange(from: first, to: end)
        let survey = try await SeriesSurvey(of: series.key, over: window, in: store, boundaries: boundaries, now: now)
        return stored.count == count && survey.unknown.isEmpty ? window : nil
    }

    /// Fetches the unknown spans of a window, the newest first, and keeps what comes.
    /// - Parameters:
    ///   - withBars: Whether to read the bars that the store had before, too.
    ///   - beyondRetention: Whether to fetch also the span that the store does not keep: the source may have it.
    /// - Returns: What the store had before; `nil` where the prices of the series changed, so that other spans are unknown.
    private func fetchUnknown(
        of series: Series, over window: TimeRange, withBars: Bool = false, beyondRetention: Bool = true,
        _ outcome: inout FetchOutcome
    ) async throws -> SeriesSurvey? {
        let survey = try await SeriesSurvey(
            of: series.key, over: window, in: store, withBars: withBars, boundaries: series.boundaries, now: series.now)
        let gaps = survey.unknown(of: negativeCache.gaps(of: series.key, now: series.now))
        outcome.add(gaps)
        var spans = survey.without(gaps.map(\.range)).spansToFetch(for: window)
            .filter { $0.isKept || beyondRetention }
        var requests = 0
        while !spans.isEmpty {
            let span = spans.removeFirst()
            guard outcome.mayContinue else {
                outcome.skip(survey.missing(within: span))
                continue
            }
            do {
                let fetched = try await fetch(
                    span, of: series.key, since: window.from, generation: series.generation)
                if fetched.isPlanObsolete { return nil }
                if span.isKept { negativeCache.learn(fetched.series.gaps, of: series.key, now: clock()) }
                requests += 1
                var (range, response) = (span.range, fetched.series)
                // What was only fetched to be compared.
                response.bars.removeAll { $0.time < window.from }
                var shortfall = response.shortfall
                if let rest = fetched.rest {
                    let mayContinue = requests < FetchSpan.mostRequests
                    shortfall = mayContinue ? nil : .more
                    if mayContinue {
                        spans.insert(rest, at: 0)
                        range = TimeRange(from: rest.range.to, to: range.to)
                    }
                }
                outcome.add(response, to: range, shortfall: shortfall)
            } catch let error as MarketDataError where error.leavesTheStore {
                outcome.fail(survey.missing(within: span), error)
            }
        }
        return survey
    }

    /// Sends a request unchanged to the source, and stores the response.
    /// - Throws: `MarketDataError`, where the source is unavailable and the newest bars that are stored are too old.
    private func fetchUnchanged(_ request: BarRequest) async throws -> BarSeries {
        let key = SeriesKey(request)
        do {
            let series = try await fetch(request)
            var end: Timestamp?
            if case .range(let range) = request.span { end = range.to }
            let boundaries = try await boundaries(of: key)
            if let run = BarRun(newest: series, of: key, before: end, boundaries: boundaries) {
                negativeCache.learn(series.gaps, of: key, now: clock())
                _ = try await admit(run, generation: try await store.generation(of: key))
            }
            return series
        } catch let error as MarketDataError where error.leavesTheStore {
            guard let response = try await newestStored(request, because: error) else { throw error }
            return response
        }
    }
}

extension StoredHistory: SeriesFetcher {
    var store: any BarStore & InstrumentStore { cache.store }

    /// `nil` until a source has reported the instrument.
    func boundaries(of key: SeriesKey) async throws(StoreError) -> BarBoundaries? {
        guard let instrument = try await instruments.instrument(of: key.symbol) else { return nil }
        return cache.calendars.boundaries(of: key, instrument: instrument)
    }

    func fetch(_ request: BarRequest) async throws -> BarSeries {
        let series = try await source.bars(request)
        journal.requested(returned: series.bars.count)
        do throws(StoreError) {
            try await instruments.learn(series.instrument)
        } catch {
            note(error, doing: "an instrument could not be stored")
        }
        return series
    }

    /// A store that fails or is read-only does not fail a response: the run is compared with the price adjustment of the
    /// stored bars nevertheless.
    func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        do throws(StoreError) {
            guard cache.isReadOnly else { return try await write(run, if: condition) }
        } catch {
            if !Task.isCancelled { note(error, doing: "bars were not kept") }
        }
        return Admission((try? await store.verdict(on: run, if: condition)) ?? .appended)
    }

    /// Admits a run into the store.
    func write(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        let admission = try await store.admit(run, if: condition)
        journal.wrote(admission)
        if admission.verdict == .newGeneration {
            cache.logger.warning(
                "all prices of a series have changed; it is fetched again as it is requested",
                metadata: ["series": "\(run.key)", "source": "\(run.provenance.source.rawValue)"])
        }
        return admission
    }

    func note(_ error: StoreError, doing what: String) {
        journal.failed(error)
        cache.logger.error(
            "the store failed", metadata: ["what": "\(what)", "code": "\(error.code)", "why": "\(error.message)"])
    }
}

/// Responses while the source is unavailable.
extension StoredHistory {
    /// Where no calendar says which bars are the newest: those that are stored, if the newest of them is younger than
    /// as many bars as were requested.
    private func newestStored(
        _ request: BarRequest, because error: MarketDataError
    ) async throws(StoreError) -> BarSeries? {
        let (key, now) = (SeriesKey(request), clock())
        guard case .count(let count) = request.span, try await boundaries(of: key) == nil else { return nil }
        let stored = try await store.newestBars(of: key, count: count)
        let length = request.interval.longestSeconds
        guard let last = stored.bars.last(where: \.isFinal)?.time,
            last >= now.advanced(bySeconds: -length * Int64(count))
        else { return nil }
        var outcome = FetchOutcome()
        outcome.fail([TimeRange(from: last.advanced(bySeconds: length), to: now)], error)
        return StoredResponse(
            request: request, instrument: try await instruments.instrument(of: request.symbol), stored: stored,
            fetched: outcome, now: now, historyBegins: false
        ).series
    }

    /// None of the requested bars is stored: built from stored finer ones, named in the response. A source's own
    /// bars of days may differ in the close, where the exchange fixes an official one.
    /// - Returns: `nil` where no finer series is stored, or none of it is of the time requested.
    private func builtFromStored(_ request: BarRequest, because error: MarketDataError) async -> BarSeries? {
        let key = SeriesKey(request)
        let finer = try? await store.series().map(\.key).filter { other in
            other.symbol == key.symbol && other.hours == key.hours && other.adjustment == key.adjustment
                && other.backAdjusted == key.backAdjusted
        }
        guard let parent = request.interval.parent(among: (finer ?? []).map(\.interval)) else { return nil }
        let stored = StoredHistory(UnavailableSource(error: error), cache: cache, clock: clock)
        let series = try? await ResampledHistory(stored, keeping: [parent], clock: clock).bars(request)
        return series?.bars.isEmpty == false ? series : nil
    }

    /// The source while it is unavailable, so that nothing is sent to it again.
    private struct UnavailableSource: BarHistoryProvider {
        let error: MarketDataError

        func bars(_ request: BarRequest) async throws -> BarSeries { throw error }
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
        [.upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .signInRefused].contains(code)
    }

    /// Whether the source is unavailable or refuses us for now, so that what is stored is the response, with its gaps
    /// named.
    var leavesTheStore: Bool { isOutage || [.throttled, .overloaded, .notEntitled].contains(code) }
}
