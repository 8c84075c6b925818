import MarketData
import MarketHistory
import MarketStore
import MockMarket
import Synchronization
import TestSupport
import Testing

@Suite("History through the store")
struct StoredHistoryTests {
    /// 2026-07-01, a Wednesday, and the four weeks of NSE sessions after it.
    private static let range = TimeRange(
        from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 28 * 86_400))
    /// The evening after: the market is closed.
    private static let evening = range.to.advanced(bySeconds: 17 * 3600)
    /// 11:02:30 in India on the day after, a Wednesday.
    private static let trading = range.to.advanced(bySeconds: 11 * 3600 + 150)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func history(_ source: CountingSource, now: Timestamp) -> StoredHistory {
        StoredHistory(source, cache: .over(store), clock: { now })
    }

    private func request(_ span: BarRequest.Span) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: span)
    }

    private func counted(_ count: Int) -> BarRequest { request(.count(count)) }

    @Test("a past range is requested once and then served unchanged from the store")
    func past() async throws {
        let source = CountingSource(now: Self.evening)
        let history = history(source, now: Self.evening)
        let first = try await history.bars(request(.range(Self.range)))
        let second = try await history.bars(request(.range(Self.range)))
        #expect(source.requests.count == 1)
        #expect(first.bars.count == 20 * 75)
        #expect(second.bars == first.bars)
        #expect(first.provenance.source == .mock)
        #expect(first.origins.isEmpty)
        #expect(second.provenance.source == .store)
        #expect(second.isComplete)
        #expect(second.origins.map(\.provenance) == [first.provenance])
        #expect(second.origins.first?.first == first.bars.first?.time)
        #expect(second.origins.last?.last == first.bars.last?.time)
    }

    @Test("simulated bars stay marked in the store")
    func simulated() async throws {
        let history = history(CountingSource(now: Self.evening), now: Self.evening)
        _ = try await history.bars(request(.range(Self.range)))
        #expect(try await history.bars(request(.range(Self.range))).provenance.mode == .simulated)
    }

    @Test("the newest bars of a closed market are not fetched again")
    func closed() async throws {
        let source = CountingSource(now: Self.evening)
        let direct = try await source.bars(counted(100))
        let history = history(source, now: Self.evening)
        let first = try await history.bars(counted(100))
        let second = try await history.bars(counted(100))
        #expect(first.bars == direct.bars)
        #expect(second.bars == direct.bars)
        #expect(source.requests.count == 2)
        #expect(second.provenance.source == .store)
    }

    @Test("during a session only new bars are requested, with an overlap of three")
    func since() async throws {
        let before = CountingSource(now: Self.trading)
        _ = try await history(before, now: Self.trading).bars(counted(100))
        let later = Self.trading.advanced(bySeconds: 1800)
        let source = CountingSource(now: later)
        let series = try await history(source, now: later).bars(counted(100))
        let direct = try await CountingSource(now: later).bars(counted(100))
        #expect(series.bars == direct.bars)
        #expect(series.bars.last?.isFinal == false)
        #expect(source.requests.count == 1)
        // Six bars since, the one that was forming, the one that is, and three that were stored.
        #expect(source.barsReturned <= 11)
        #expect(series.provenance.source == .mock)
        #expect(series.origins.count == 1)
        #expect(series.isComplete)
    }

    @Test("a larger count fetches only the older bars")
    func left() async throws {
        let source = CountingSource(now: Self.evening)
        let history = history(source, now: Self.evening)
        _ = try await history.bars(counted(100))
        let more = try await history.bars(counted(300))
        let direct = try await CountingSource(now: Self.evening).bars(counted(300))
        #expect(more.bars == direct.bars)
        #expect(source.barsReturned == 300)
    }

    @Test("only the gaps in the middle are fetched")
    func gaps() async throws {
        let source = CountingSource(now: Self.evening)
        let whole = try await source.bars(request(.range(Self.range)))
        let gaps = [300..<312, 700..<701, 1_100..<1_180]
        let kept = whole.bars.indices.filter { index in !gaps.contains { $0.contains(index) } }
        var coverage = CoverageMap([CoverageSpan(Self.range, .hasData)])
        for gap in gaps {
            let end = whole.bars[gap.upperBound - 1].time.advanced(bySeconds: 300)
            coverage.remove(TimeRange(from: whole.bars[gap.lowerBound].time, to: end))
        }
        try await store.keep(try #require(whole.instrument))
        try await store.write(
            BarRun(key: Self.key, bars: kept.map { whole.bars[$0] }, provenance: whole.provenance, coverage: coverage))
        let repairing = CountingSource(now: Self.evening)
        let series = try await history(repairing, now: Self.evening).bars(request(.range(Self.range)))
        #expect(series.bars == whole.bars)
        #expect(repairing.requests.count == 3)
        #expect(repairing.barsReturned == 12 + 1 + 80)
        #expect(series.isComplete)
    }

    @Test("a lost bar is fetched although coverage has data")
    func lostBar() async throws {
        let source = CountingSource(now: Self.evening)
        let whole = try await source.bars(request(.range(Self.range)))
        var bars = whole.bars
        bars.remove(at: 777)
        try await store.keep(try #require(whole.instrument))
        try await store.write(
            BarRun(
                key: Self.key, bars: bars, provenance: whole.provenance,
                coverage: CoverageMap([CoverageSpan(Self.range, .hasData)])))
        let repairing = CountingSource(now: Self.evening)
        #expect(try await history(repairing, now: Self.evening).bars(request(.range(Self.range))).bars == whole.bars)
        #expect(repairing.barsReturned == 1)
    }

    /// A source that returns a limited number of bars for each request, and reports that as the limit of the plan.
    private func limited(to most: Int) -> CountingSource {
        CountingSource(now: Self.evening) { _, series in
            guard series.bars.count > most else { return series }
            var series = series
            series.bars = series.bars.suffix(most)
            series.shortfall = .planLimit
            return series
        }
    }

    @Test("a limit per request is not the plan's limit, and the rest is fetched")
    func limitOfOneRequest() async throws {
        let source = limited(to: 400)
        let whole = try await history(source, now: Self.evening).bars(request(.range(Self.range)))
        #expect(whole.bars.count == 20 * 75)
        #expect(whole.isComplete)
        #expect(source.requests.count == 4)
    }

    @Test("a response that needs too many fetches has the shortfall `more`, and a repeat continues")
    func more() async throws {
        let source = limited(to: 50)
        let history = history(source, now: Self.evening)
        let first = try await history.bars(request(.range(Self.range)))
        #expect(first.shortfall == .more)
        #expect(first.bars.count == 16 * 50)
        let second = try await history.bars(request(.range(Self.range)))
        #expect(second.bars.count == 20 * 75)
        #expect(second.isComplete)
    }

    @Test("simultaneous identical requests share one fetch")
    func concurrent() async throws {
        let source = CountingSource(now: Self.evening)
        let history = history(source, now: Self.evening)
        let whole = request(.range(Self.range))
        let responses = try await withThrowingTaskGroup(of: BarSeries.self) { group in
            for _ in 0..<20 { group.addTask { try await history.bars(whole) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(source.requests.count == 1)
        #expect(Set(responses.map(\.bars)).count == 1)
        #expect(try await store.series().first?.bars == 20 * 75)
    }

    @Test("a request in another currency does not use the store")
    func currency() async throws {
        let source = CountingSource(now: Self.evening)
        let history = history(source, now: Self.evening)
        var request = counted(10)
        request.currency = "USD"
        _ = try? await history.bars(request)
        _ = try? await history.bars(request)
        #expect(source.requests.count == 2)
        #expect(try await store.series().isEmpty)
    }

    @Test("a store that fails does not fail the response")
    func failingStore() async throws {
        let source = CountingSource(now: Self.evening)
        // Simulated bars have no place in a store of the market.
        let wrong = try SQLiteMarketStore.inMemory(contents: .market)
        let history = StoredHistory(source, cache: .over(wrong), clock: { Self.evening })
        let series = try await history.bars(counted(50))
        #expect(series.bars.count == 50)
        #expect(series.provenance.source == .mock)
    }

    @Test("an instrument that trades around the clock is fetched at night too")
    func aroundTheClock() async throws {
        let source = CountingSource(now: Self.evening, hours: .always)
        let history = history(source, now: Self.evening)
        let night = TimeRange(
            from: Self.range.from.advanced(bySeconds: 86_400),
            to: Self.range.from.advanced(bySeconds: 86_400 + 3 * 3600))
        let first = try await history.bars(request(.range(night)))
        #expect(first.bars.count == 36)
        let wider = TimeRange(from: night.from.advanced(bySeconds: -3600), to: night.to)
        let second = try await history.bars(request(.range(wider)))
        #expect(second.bars.count == 48)
        #expect(source.barsReturned == 48)
    }
}
