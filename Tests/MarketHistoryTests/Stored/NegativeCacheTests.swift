import MarketData
import MarketStore
import Synchronization
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Gaps in the source's data")
struct NegativeCacheTests {
    /// 2026-07-01, a Wednesday, and a week of NSE sessions after it.
    private static let range = TimeRange(
        from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 7 * 86_400))
    private static let evening = range.to.advanced(bySeconds: 17 * 3600)
    /// 11:40 to 15:30 in India, on the second day.
    private static let halt = TimeRange(
        from: range.from.advanced(bySeconds: 86_400 + 42_000), to: range.from.advanced(bySeconds: 86_400 + 55_800))

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    /// A source without the bars of the halt, which it reports as a gap.
    private func halted(now: Timestamp = evening) -> CountingSource {
        CountingSource(now: now) { request, series in
            var series = series
            series.bars.removeAll { Self.halt.contains($0.time) }
            guard case .range(let range) = request.span else { return series }
            let part = TimeRange(from: max(range.from, Self.halt.from), to: min(range.to, Self.halt.to))
            if part.from < part.to { series.gaps = [Gap(range: part, reason: "missing")] }
            return series
        }
    }

    private func request(_ range: TimeRange = range) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(range))
    }

    @Test("a gap is requested once and listed in every response")
    func once() async throws {
        let source = halted()
        let history = StoredHistory(source, cache: .over(store), clock: { Self.evening })
        let first = try await history.bars(request())
        let second = try await history.bars(request())
        #expect(source.requests.count == 1)
        #expect(first.gaps.map(\.range) == [Self.halt])
        #expect(second.gaps == first.gaps)
        #expect(second.bars == first.bars)
        #expect(!second.isComplete)
        // A request for a part of it names that part.
        let part = TimeRange(
            from: Self.halt.from.advanced(bySeconds: 3600), to: Self.halt.to.advanced(bySeconds: 86_400))
        let third = try await history.bars(request(part))
        #expect(source.requests.count == 1)
        #expect(third.gaps.map(\.range) == [TimeRange(from: part.from, to: Self.halt.to)])
    }

    @Test("a gap is fetched again later and forgotten once filled")
    func again() async throws {
        let now = Mutex(Self.evening)
        let source = halted()
        let history = StoredHistory(source, cache: .over(store), clock: { now.withLock { $0 } })
        _ = try await history.bars(request())
        now.withLock { $0 = Self.evening.advanced(bySeconds: 86_401) }
        _ = try await history.bars(request())
        #expect(source.requests.count == 2)
        // Filled meanwhile, as by a backfill, it is named no more.
        let whole = try await CountingSource(now: Self.evening).bars(request(Self.halt))
        let run = BarRun(
            key: SeriesKey(request()), bars: whole.bars, provenance: whole.provenance,
            coverage: CoverageMap([CoverageSpan(Self.halt, .hasData)]))
        try await store.write(run)
        let filled = try await history.bars(request())
        #expect(filled.isComplete)
        #expect(filled.bars.count == 5 * 75)
        #expect(source.requests.count == 2)
    }

    @Test("a recent gap is soon fetched again, and too many are forgotten together")
    func bounds() throws {
        let gaps = NegativeCache()
        let key = SeriesKey(request())
        let now = Self.evening
        let recent = Gap(
            range: TimeRange(from: now.advanced(bySeconds: -900), to: now.advanced(bySeconds: -600)), reason: "missing")
        gaps.learn([recent], of: key, now: now)
        #expect(gaps.gaps(of: key, now: now.advanced(bySeconds: 299)) == [recent])
        #expect(gaps.gaps(of: key, now: now.advanced(bySeconds: 301)).isEmpty)
        let many = (0..<9_999).map { index in
            let start = Self.range.from.advanced(bySeconds: Int64(index) * -600)
            return Gap(range: TimeRange(from: start, to: start.advanced(bySeconds: 300)), reason: "missing")
        }
        gaps.learn(many, of: key, now: now)
        let last = Gap(range: Self.halt, reason: "missing")
        gaps.learn([last], of: key, now: now)
        #expect(gaps.gaps(of: key, now: now) == [last])
    }
}
