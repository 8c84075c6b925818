import MarketData
import MarketHistory
import MarketStore
import MockMarket
import Synchronization
import TestSupport
import Testing

@Suite("Backfill of a store from a source")
struct BackfillTests {
    /// 2026-07-01, a Wednesday, and the four weeks of NSE sessions after it.
    private static let range = TimeRange(
        from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 28 * 86_400))
    private static let now = range.to.advanced(bySeconds: 86_400)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func backfill(
        _ source: CountingSource, pageSize: Int = 500, calendars: SeriesCalendars = .exchanges
    ) -> Backfill {
        var limits = Backfill.RequestLimits()
        limits.pageSize = pageSize
        limits.pause = .zero
        return Backfill(store: store, source: source, calendars: calendars, limits: limits, clock: { Self.now })
    }

    private func survey() async throws -> SeriesSurvey {
        try await SeriesSurvey(
            of: Self.key, over: Self.range, in: store, boundaries: SeriesCalendars.exchanges.boundaries(of: Self.key),
            now: Self.now)
    }

    @Test("stored bars are not fetched again")
    func twice() async throws {
        let source = CountingSource(now: Self.now)
        let first = try await backfill(source).complete(Self.key, over: Self.range)
        #expect(first.isComplete)
        #expect(first.missing == 20 * 75)
        #expect(first.written.inserted == first.missing)
        #expect(source.requests.count == 3)
        let second = try await backfill(source).complete(Self.key, over: Self.range)
        #expect(second.isComplete)
        #expect(second.requests == 0)
        #expect(source.requests.count == 3)
    }

    @Test("neither the forming bar nor the future is missing")
    func upToNow() async throws {
        _ = try await backfill(CountingSource(now: Self.now)).complete(Self.key, over: Self.range)
        // 10:02 of the last day; the bar of 10:00 is not over.
        let moment = Self.range.to.advanced(bySeconds: -86_400 + 36_120)
        for end in [moment.advanced(bySeconds: 1), moment.advanced(bySeconds: 30 * 86_400)] {
            let survey = try await SeriesSurvey(
                of: Self.key, over: TimeRange(from: Self.range.from, to: end), in: store,
                boundaries: SeriesCalendars.exchanges.boundaries(of: Self.key), now: moment)
            #expect(survey.missing.isEmpty)
        }
    }

    @Test("a larger range is requested only where it is new, on both sides")
    func grown() async throws {
        let source = CountingSource(now: Self.now)
        let middle = TimeRange(
            from: Self.range.from.advanced(bySeconds: 7 * 86_400), to: Self.range.to.advanced(bySeconds: -7 * 86_400))
        _ = try await backfill(source, pageSize: 5_000).complete(Self.key, over: middle)
        _ = try await backfill(source, pageSize: 5_000).complete(Self.key, over: Self.range)
        let ranges = source.ranges
        #expect(ranges.count == 3)
        #expect(ranges.first.map { $0.to <= middle.from } == true)
        #expect(ranges.last.map { $0.from >= middle.to } == true)
        #expect(try await survey().missing.isEmpty)
    }

    @Test("only a gap in the middle is fetched")
    func gap() async throws {
        let gap = TimeRange(
            from: Self.range.from.advanced(bySeconds: 8 * 86_400 + 36_000),
            to: Self.range.from.advanced(bySeconds: 8 * 86_400 + 39_600))
        // A response without an hour, which it reports as a gap.
        let partial = CountingSource(now: Self.now) { _, series in
            var series = series
            series.bars.removeAll { gap.contains($0.time) }
            series.gaps = [Gap(range: gap, reason: "test")]
            return series
        }
        let first = try await backfill(partial, pageSize: 5_000).complete(Self.key, over: Self.range)
        #expect(!first.isComplete)
        #expect(first.remaining == 12)
        #expect(try await survey().missing == [gap])
        let source = CountingSource(now: Self.now)
        let second = try await backfill(source).complete(Self.key, over: Self.range)
        #expect(second.isComplete)
        #expect(source.ranges == [gap])
        #expect(second.written.inserted == 12)
    }

    @Test("bars that a response leaves out are known empty and not requested again")
    func noTrades() async throws {
        let silent = Self.range.from.advanced(bySeconds: 36_000)
        let source = CountingSource(now: Self.now) { _, series in
            var series = series
            series.bars.removeAll { $0.time == silent }
            return series
        }
        let outcome = try await backfill(source).complete(Self.key, over: Self.range)
        #expect(outcome.isComplete)
        let reasons = try await survey().spans.filter { $0.range.contains(silent) }.map(\.reason)
        #expect(reasons == ["no_trades"])
        #expect(try await backfill(source).complete(Self.key, over: Self.range).requests == 0)
    }

    @Test("pages before the start of history are known empty and not requested")
    func beginning() async throws {
        let begins = Self.range.from.advanced(bySeconds: 14 * 86_400)
        let source = CountingSource(now: Self.now) { _, series in
            guard case .range(let range) = series.request.span, range.from < begins else { return series }
            var series = series
            series.bars.removeAll { $0.time < begins }
            series.shortfall = .startOfHistory
            return series
        }
        let outcome = try await backfill(source, pageSize: 200).complete(Self.key, over: Self.range)
        #expect(outcome.isComplete)
        #expect(source.ranges.filter { $0.from < begins }.count == 1)
        let survey = try await survey()
        #expect(survey.missing.isEmpty)
        let empty = survey.spans.filter { $0.reason == "before_history" }
        #expect(empty.count == 10)
        #expect(empty.allSatisfy { $0.range.to <= begins })
    }

    @Test("bars beyond the plan's limit stay missing, with the reason")
    func planLimit() async throws {
        let shown = Self.range.from.advanced(bySeconds: 14 * 86_400)
        let source = CountingSource(now: Self.now) { _, series in
            guard case .range(let range) = series.request.span, range.from < shown else { return series }
            var series = series
            series.bars.removeAll { $0.time < shown }
            series.shortfall = .planLimit
            return series
        }
        let outcome = try await backfill(source, pageSize: 200).complete(Self.key, over: Self.range)
        #expect(outcome.shortfall == .planLimit)
        #expect(outcome.error == nil)
        #expect(outcome.remaining == 10 * 75)
        // Once with bars, and once without: that is the end.
        #expect(source.ranges.filter { $0.from < shown }.count == 2)
    }

    @Test("a source with limited pages is requested until it has no more")
    func limitOfOneRequest() async throws {
        let source = CountingSource(now: Self.now) { _, series in
            guard series.bars.count > 400 else { return series }
            var series = series
            series.bars = series.bars.suffix(400)
            series.shortfall = .planLimit
            return series
        }
        let outcome = try await backfill(source, pageSize: 5_000).complete(Self.key, over: Self.range)
        #expect(outcome.isComplete)
        #expect(outcome.shortfall == nil)
        #expect(outcome.written.inserted == 20 * 75)
    }

    @Test("a failure midway keeps the fetched pages, and the next run fetches the rest")
    func failure() async throws {
        let count = Mutex(0)
        let failing = CountingSource(now: Self.now) { _, series in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number <= 2 else { throw MarketDataError(.notEntitled, "no more for you", source: .mock) }
            return series
        }
        let first = try await backfill(failing, pageSize: 300).complete(Self.key, over: Self.range)
        #expect(first.error?.code == .notEntitled)
        #expect(first.written.inserted == 600)
        #expect(first.remaining == 900)
        let source = CountingSource(now: Self.now)
        let second = try await backfill(source, pageSize: 300).complete(Self.key, over: Self.range)
        #expect(second.isComplete)
        #expect(source.requests.count == 3)
        #expect(second.written.inserted == 900)
    }

    @Test("without a calendar, coverage is what sources returned")
    func noCalendar() async throws {
        let source = CountingSource(now: Self.now)
        let unknown = SeriesCalendars { _ in nil }
        let first = try await backfill(source, pageSize: 5_000, calendars: unknown).complete(Self.key, over: Self.range)
        #expect(first.isComplete)
        #expect(first.written.inserted == 20 * 75)
        let second = try await backfill(source, calendars: unknown).complete(Self.key, over: Self.range)
        #expect(second.requests == 0)
    }

    @Test("progress goes from zero to the missing bars, page by page")
    func progress() async throws {
        let seen = Mutex<[BackfillProgress]>([])
        let outcome = try await backfill(CountingSource(now: Self.now)).complete(Self.key, over: Self.range) { step in
            seen.withLock { $0.append(step) }
        }
        #expect(seen.withLock { $0.map(\.done) } == [0, 500, 1_000, 1_500])
        #expect(outcome.isComplete)
    }

    @Test("a bar that becomes due during the backfill is not part of it")
    func timeGoesBy() async throws {
        let now = Mutex(Self.range.from.advanced(bySeconds: 86_400 + 39_000 - 1))
        let source = CountingSource(now: Self.now) { _, series in
            now.withLock { $0 = $0.advanced(bySeconds: 60) }
            var series = series
            series.provenance.asOf = now.withLock { $0 }
            return series
        }
        let backfill = Backfill(store: store, source: source, calendars: .exchanges, clock: { now.withLock { $0 } })
        let range = TimeRange(from: Self.range.from, to: now.withLock { $0 })
        let outcome = try await backfill.complete(Self.key, over: range)
        #expect(outcome.isComplete, "\(outcome.remaining) bars remain")
    }

    @Test("a cancelled backfill throws CancellationError and sends no more requests")
    func cancelled() async throws {
        let source = CountingSource(now: Self.now) { _, series in
            withUnsafeCurrentTask { $0?.cancel() }
            return series
        }
        let backfill = backfill(source)
        let work = Task { try await backfill.complete(Self.key, over: Self.range) }
        await #expect(throws: CancellationError.self) { _ = try await work.value }
        #expect(source.requests.count == 1)
    }
}

@Suite("Backfill of instruments with special hours")
struct BackfillCalendarTests {
    /// 2026-07-04, a Saturday, in India, and the Sunday after it.
    private static let weekend = TimeRange(
        from: Timestamp(seconds: 1_783_103_400), to: Timestamp(seconds: 1_783_103_400 + 2 * 86_400))
    private static let now = weekend.to.advanced(bySeconds: 86_400)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func backfill(_ source: CountingSource) -> Backfill {
        var limits = Backfill.RequestLimits()
        limits.pageSize = 100
        limits.pause = .zero
        return Backfill(store: store, source: source, calendars: .exchanges, limits: limits, clock: { Self.now })
    }

    @Test("an instrument that trades around the clock is fetched for a weekend")
    func aroundTheClock() async throws {
        let source = CountingSource(now: Self.now, hours: .always)
        let probe = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(1))
        try await store.keep(try #require(try await source.bars(probe).instrument))
        let outcome = try await backfill(source).complete(Self.key, over: Self.weekend)
        #expect(outcome.written.inserted == 2 * 288)
        #expect(outcome.isComplete)
        let survey = try await SeriesCoverage.survey(
            of: Self.key, over: Self.weekend, in: store, calendars: .exchanges, now: Self.now)
        #expect(survey.isComplete)
        #expect(survey.spans.map(\.state) == [.had])
    }

    @Test("bars within the hours of the first response are fetched too")
    func learnt() async throws {
        // From Friday's last bar on: by the exchange's calendar that is all there is before Monday.
        let range = TimeRange(
            from: Self.weekend.from.advanced(bySeconds: -8 * 3600 - 35 * 60), to: Self.weekend.to)
        let source = CountingSource(now: Self.now, hours: .always)
        let outcome = try await backfill(source).complete(Self.key, over: range)
        #expect(outcome.isComplete)
        #expect(outcome.written.inserted == 2 * 288 + 103)
        #expect(try await store.instrument(of: .nifty)?.session == "24x7")
        let again = CountingSource(now: Self.now, hours: .always)
        #expect(try await backfill(again).complete(Self.key, over: range).requests == 0)
    }

    @Test("a currency at NSE is not closed outside the hours of shares")
    func currency() async throws {
        let source = CountingSource(now: Self.now, hours: .always) { _, series in
            var series = series
            series.instrument?.session = "0900-1700"
            return series
        }
        let friday = TimeRange(
            from: Self.weekend.from.advanced(bySeconds: -15 * 3600),
            to: Self.weekend.from.advanced(bySeconds: -7 * 3600))
        let outcome = try await backfill(source).complete(Self.key, over: friday)
        #expect(outcome.isComplete)
        #expect(outcome.written.inserted == 8 * 12)
        let survey = try await SeriesCoverage.survey(
            of: Self.key, over: friday, in: store, calendars: .exchanges, now: Self.now)
        #expect(!survey.isJudgedByCalendar)
        #expect(survey.isComplete)
    }
    @Test("hours that cannot be read leave it open whether bars are missing", arguments: ["garbage", "0930-", "25:00"])
    func unreadableHours(session: String) async throws {
        let key = SeriesKey(symbol: try Symbol("NASDAQ:AAPL"), interval: .oneHour)
        let day = TimeRange(from: Self.weekend.from.advanced(bySeconds: -86_400), to: Self.weekend.from)
        let bars = [Bar(time: day.from, open: 1, high: 1, low: 1, close: 1, volume: 1, isFinal: true)]
        var instrument = Instrument(symbol: key.symbol)
        (instrument.session, instrument.timeZone) = (session, "America/New_York")
        try await store.keep(instrument)
        let coverage = CoverageMap([CoverageSpan(day, .hasData)])
        let simulated = Provenance(source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: day.to)
        _ = try await store.admit(
            BarRun(key: key, bars: bars, provenance: simulated, coverage: coverage),
            if: Admission.Condition())
        let survey = try await SeriesCoverage.survey(
            of: key, over: day, in: store, calendars: .exchanges, now: Self.now)
        #expect(survey.completeness == nil)
        #expect(survey.unjudged?.contains(session) == true)
        (instrument.session, instrument.timeZone) = ("24x7", "Etc/UTC")
        try await store.keep(instrument)
        let judged = try await SeriesCoverage.survey(
            of: key, over: day, in: store, calendars: .exchanges, now: Self.now)
        #expect(judged.completeness != nil)
    }
}
