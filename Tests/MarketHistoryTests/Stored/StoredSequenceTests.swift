import MarketData
import MarketHistory
import MarketStore
import Synchronization
import TestSupport
import Testing

@Suite("Any sequence of requests through the store")
struct StoredSequenceTests {
    /// 2026-07-01, a Wednesday, and two weeks of NSE sessions after it.
    private static let range = TimeRange(
        from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 14 * 86_400))
    /// The evening after.
    private static let evening = range.to.advanced(bySeconds: 17 * 3600)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private func whole(_ store: SQLiteMarketStore) async throws -> (StoredBars, SeriesCoverage) {
        let bars = try await store.bars(of: Self.key, in: Self.range)
        let coverage = try await SeriesCoverage.survey(
            of: Self.key, over: Self.range, in: store, calendars: .exchanges, now: Self.evening)
        return (bars, coverage)
    }

    private func store() throws -> SQLiteMarketStore { try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func fetch(_ store: SQLiteMarketStore, _ source: CountingSource, _ range: TimeRange) async throws
        -> BarSeries
    {
        try await StoredHistory(source, cache: .over(store), clock: { Self.evening }).bars(
            BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(range)))
    }

    /// A source that fails now and then, or leaves out an hour and reports it.
    private func unreliable(_ seed: UInt64) -> CountingSource {
        let generator = Mutex(SeededGenerator(seed: seed))
        return CountingSource(now: Self.evening) { _, series in
            let throwOfDice = generator.withLock { Int.random(in: 0..<6, using: &$0) }
            if throwOfDice == 0 { throw MarketDataError(.upstreamTimeout, "too slow", source: .mock) }
            guard throwOfDice == 1, series.bars.count > 20 else { return series }
            let gap = TimeRange(from: series.bars[5].time, to: series.bars[17].time)
            var series = series
            series.bars.removeAll { gap.contains($0.time) }
            series.gaps = [Gap(range: gap, reason: "test")]
            return series
        }
    }

    @Test(
        "fetches, overlaps, repeats and failures give the bars and coverage of one fetch",
        arguments: 1...12)
    func same(seed: UInt64) async throws {
        let clean = try store()
        _ = try await fetch(clean, CountingSource(now: Self.evening), Self.range)
        let worn = try store()
        var generator = SeededGenerator(seed: seed)
        let source = unreliable(seed &* 31)
        for _ in 0..<25 {
            let hours = Int64(Int.random(in: 0..<(14 * 24), using: &generator))
            let from = Self.range.from.advanced(bySeconds: hours * 3600)
            let length = Int64(Int.random(in: 1...90, using: &generator)) * 3600
            let part = TimeRange(from: from, to: min(from.advanced(bySeconds: length), Self.range.to))
            _ = try? await fetch(worn, source, part)
        }
        let reliable = CountingSource(now: Self.evening)
        let last = try await fetch(worn, reliable, Self.range)
        let (bars, coverage) = try await whole(worn)
        let (cleanBars, cleanCoverage) = try await whole(clean)
        #expect(bars == cleanBars)
        #expect(coverage == cleanCoverage)
        #expect(last.bars == cleanBars.bars)
        #expect(last.isComplete)
        #expect(reliable.barsReturned < cleanBars.bars.count)
        #expect(try await worn.check().isEmpty)
        // Nothing is requested any more.
        let idle = CountingSource(now: Self.evening)
        #expect(try await fetch(worn, idle, Self.range).bars == cleanBars.bars)
        #expect(idle.requests.isEmpty)
    }

    @Test(
        "counts over time with a failing source lose no bar and change none",
        arguments: 1...6)
    func growing(seed: UInt64) async throws {
        let store = try store()
        var generator = SeededGenerator(seed: seed)
        var now = Self.range.from.advanced(bySeconds: 10 * 3600)
        while now < Self.range.to {
            let moment = now
            let count = Int.random(in: 1...150, using: &generator)
            let isAway = Int.random(in: 0..<5, using: &generator) == 0
            let source = CountingSource(now: moment) { _, series in
                if isAway { throw MarketDataError(.upstreamUnavailable, "away", source: .mock) }
                return series
            }
            let history = StoredHistory(source, cache: .over(store), clock: { moment })
            let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(count))
            let direct = try await CountingSource(now: moment).bars(request)
            if isAway {
                if let series = try? await history.bars(request) {
                    #expect(Set(direct.bars).isSuperset(of: series.bars))
                    #expect(series.bars == direct.bars || !series.isComplete)
                }
            } else {
                #expect(try await history.bars(request).bars == direct.bars)
            }
            now = now.advanced(bySeconds: Int64(Int.random(in: 60...30_000, using: &generator)))
        }
        let truth = try await CountingSource(now: Self.evening).bars(
            BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(Self.range))
        ).bars
        let stored = try await store.bars(of: Self.key, in: Self.range).bars.filter(\.isFinal)
        #expect(Set(truth).isSuperset(of: stored))
        #expect(try await store.revisions(of: Self.key).isEmpty)
    }
}
