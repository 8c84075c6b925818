import MarketData
import MarketHistory
import MarketStore
import TestSupport
import Testing

@Suite("Requests beyond the retention period")
struct BeyondRetentionTests {
    /// 2026-07-01, a Wednesday, and four weeks of NSE sessions after it.
    private static let range = TimeRange(
        from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 28 * 86_400))
    private static let evening = range.to.advanced(bySeconds: 17 * 3600)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)
    private static let kept = TimeRange(from: evening.advanced(bySeconds: -10 * 86_400), to: evening)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func history(_ source: CountingSource) -> StoredHistory {
        StoredHistory(source, cache: .over(store), clock: { Self.evening })
    }

    private func request(_ span: BarRequest.Span = .range(range)) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: span)
    }

    private func fill() async throws {
        try await store.setRetentionPolicy(RetentionPolicy(seconds: [.fiveMinutes: 10 * 86_400]), now: Self.evening)
        // Some time ago, so that it differs from what comes now.
        let earlier = Self.evening.advanced(bySeconds: -1_200)
        let before = StoredHistory(CountingSource(now: earlier), cache: .over(store), clock: { earlier })
        _ = try await before.bars(request(.range(Self.kept)))
    }

    @Test("only the part beyond retention is requested, and it is not stored")
    func range() async throws {
        try await fill()
        let source = CountingSource(now: Self.evening)
        let direct = try await source.bars(request())
        let before = source.barsReturned
        let series = try await history(source).bars(request())
        #expect(series.bars == direct.bars)
        #expect(series.isComplete)
        let older = direct.bars.filter { $0.time < Self.kept.from }.count
        #expect(older > 0)
        #expect(source.barsReturned - before == older)
        #expect(source.ranges.map(\.from) == [Self.range.from, Self.range.from])
        #expect(series.origins.map(\.first) == [direct.bars.first { $0.time >= Self.kept.from }?.time])
        #expect(try await store.bars(of: Self.key, in: .always).bars.first?.time == series.origins.first?.first)
    }

    @Test("a count beyond retention is requested and not stored")
    func count() async throws {
        try await fill()
        let source = CountingSource(now: Self.evening)
        let direct = try await source.bars(request(.count(1_000)))
        let before = source.barsReturned
        let series = try await history(source).bars(request(.count(1_000)))
        #expect(series.bars == direct.bars)
        // The three stored bars before the night that was never requested come once more.
        #expect(source.barsReturned - before == direct.bars.filter { $0.time < Self.kept.from }.count + 3)
    }

    @Test("with the source down, stored bars are returned and the rest is a gap")
    func away() async throws {
        try await fill()
        let away = CountingSource(now: Self.evening) { _, _ in
            throw MarketDataError(.upstreamUnavailable, "away", source: .mock)
        }
        let series = try await history(away).bars(request())
        #expect(series.bars.first.map { $0.time >= Self.kept.from } == true)
        #expect(series.gaps.map(\.reason) == ["upstream_unavailable"])
        #expect(series.gaps.first?.range == TimeRange(from: Self.range.from, to: Self.kept.from))
    }

    @Test("a request wholly beyond retention goes to the source unchanged")
    func wholly() async throws {
        try await fill()
        let source = CountingSource(now: Self.evening)
        let old = TimeRange(from: Self.range.from, to: Self.range.from.advanced(bySeconds: 7 * 86_400))
        let series = try await history(source).bars(request(.range(old)))
        #expect(series.bars.count == 5 * 75)
        #expect(series.provenance.source == .mock)
        #expect(source.ranges == [old])
    }
}
