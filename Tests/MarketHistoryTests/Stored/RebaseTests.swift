import MarketData
import MarketStore
import Synchronization
import TestSupport
import Testing

@testable import MarketHistory

/// All prices of a series have changed, and not all that is stored can be fetched again.
@Suite("Bars that are not available with the new price adjustment")
struct RebaseTests: SplitFixture {
    let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    /// A source of after the split, without the bars of a gap, which it reports.
    private func split(without gap: TimeRange? = nil) -> CountingSource {
        CountingSource(now: Self.later) { request, series in
            var series = series
            series.bars = series.bars.map(\.halved)
            guard let gap, case .range(let range) = request.span else { return series }
            series.bars.removeAll { gap.contains($0.time) }
            let part = TimeRange(from: max(range.from, gap.from), to: min(range.to, gap.to))
            if part.from < part.to { series.gaps = [Gap(range: part, reason: "missing")] }
            return series
        }
    }

    private func history(_ source: any BarHistoryProvider, isReadOnly: Bool = false) -> StoredHistory {
        StoredHistory(source, cache: .over(store, isReadOnly: isReadOnly), clock: { Self.later })
    }

    @Test("old bars within the new response are stored, but not served")
    func within() async throws {
        try await store(weeks: [0, 1, 2])
        // A Thursday.
        let gap = TimeRange(
            from: week(1).from.advanced(bySeconds: 86_400), to: week(1).from.advanced(bySeconds: 2 * 86_400))
        let truth = try await split(without: gap).bars(request())
        for _ in 0..<2 {
            let series = try await history(split(without: gap)).bars(request())
            #expect(series.bars == truth.bars)
            #expect(series.gaps.map(\.reason) == ["missing"])
        }
        #expect(try await store.series().map(\.bars) == [19 * 75])
        #expect(try await store.series().map(\.formerBars) == [75])
    }

    @Test("bars removed by retention do not cause a new fetch with each request")
    func beyondRetention() async throws {
        let policy = RetentionPolicy(seconds: [.fiveMinutes: 28 * 86_400])
        try await store(weeks: [2, 3])
        try await store.setRetentionPolicy(policy, now: Self.later)
        let first = split()
        let response = try await history(first).bars(request())
        let truth = try await split().bars(request())
        #expect(response.bars == truth.bars)
        let second = split()
        #expect(try await history(second).bars(request()).bars == truth.bars)
        #expect(second.requests.count == 1)
        #expect(
            try await store.bars(of: Self.key, in: .always).bars == truth.bars.filter { $0.time >= week(2).from })
    }

    @Test("beside another writer the source's response is returned, and nothing is written")
    func readOnly() async throws {
        try await store(weeks: [3, 1])
        let source = split()
        let series = try await history(source, isReadOnly: true).bars(request())
        #expect(source.requests.count == 2)
        #expect(series.bars == (try await split().bars(request())).bars)
        #expect(series.isComplete)
        #expect(try await store.generation(of: Self.key) == 0)
    }

    @Test("old bars are left out without a calendar while the source is down")
    func noCalendar() async throws {
        let cache = BarCache.over(store, calendars: SeriesCalendars { _ in nil })
        let now = week(3).from.advanced(bySeconds: 11 * 3600 + 150)
        let before = StoredHistory(CountingSource(now: now), cache: cache, clock: { now })
        _ = try await before.bars(counted(50))
        let later = now.advanced(bySeconds: 900)
        let halved = CountingSource(now: later) { _, series in
            var series = series
            series.bars = series.bars.map(\.halved)
            return series
        }
        let current = try await StoredHistory(halved, cache: cache, clock: { later }).bars(counted(9)).bars
        let away = CountingSource(now: later) { _, _ in
            throw MarketDataError(.upstreamUnavailable, "away", source: .mock)
        }
        let series = try await StoredHistory(away, cache: cache, clock: { later }).bars(counted(60))
        #expect(series.bars == current.filter(\.isFinal))
        #expect(!series.isComplete)
        #expect(series.gaps.map(\.reason).contains("upstream_unavailable"))
    }

    private func counted(_ count: Int) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(count))
    }

    @Test("old bars are not served once another request finds the change")
    func meanwhile() async throws {
        try await store(weeks: [2, 0])
        let isFirst = Atomic(true)
        let source = Interrupted(source: split()) { [split = split(), store, range = week(2)] in
            guard isFirst.exchange(false, ordering: .relaxed) else { return }
            let other = StoredHistory(split, cache: .over(store), clock: { Self.later })
            _ = try await other.bars(
                BarRequest(
                    symbol: .nifty, interval: .fiveMinutes,
                    span: .range(TimeRange(from: range.from, to: range.to.advanced(bySeconds: 86_400)))))
        }
        let range = TimeRange(from: week(0).from, to: week(2).to)
        let series = try await StoredHistory(source, cache: .over(store), clock: { Self.later }).bars(request(range))
        #expect(series.bars == (try await split().bars(request(range))).bars)
        #expect(series.isComplete)
    }
}

/// A source during whose response something else happens.
private struct Interrupted: BarHistoryProvider {
    let source: CountingSource
    let interruption: @Sendable () async throws -> Void

    func bars(_ request: BarRequest) async throws -> BarSeries {
        try await interruption()
        return try await source.bars(request)
    }
}

extension Bar {
    fileprivate var halved: Bar {
        var bar = self
        bar.open /= 2
        bar.high /= 2
        bar.low /= 2
        bar.close /= 2
        return bar
    }
}
