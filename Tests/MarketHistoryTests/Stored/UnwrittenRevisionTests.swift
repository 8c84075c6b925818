import MarketData
import MarketStore
import Testing

@testable import MarketHistory

/// What a source says now is the truth of the answer, also where the store cannot take it in.
@Suite("A revision that could not be written")
struct UnwrittenRevisionTests {
    /// 2026-07-29, a Wednesday, 11:02:30 in India.
    private static let now = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)
    private static let later = now.advanced(bySeconds: 600)

    private let store: SQLiteMarketStore
    private let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(50))

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    /// Halved prices, all of them or of one bar.
    private func source(halving isHalved: @escaping @Sendable (Timestamp) -> Bool) -> CountingSource {
        CountingSource(now: Self.later) { _, series in
            var series = series
            for index in series.bars.indices where isHalved(series.bars[index].time) {
                series.bars[index].open /= 2
                series.bars[index].high /= 2
                series.bars[index].low /= 2
                series.bars[index].close /= 2
            }
            return series
        }
    }

    private func readOnly(_ source: CountingSource) -> StoredHistory {
        StoredHistory(source, memory: .over(store, isReadOnly: true), clock: { Self.later })
    }

    @Test("beside another writer a corrected bar of the answer stands before the stored one")
    func correction() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), memory: .over(store), clock: { Self.now })
        let former = try await before.bars(request).bars.filter(\.isFinal)
        let corrected = try #require(former.last).time
        let answer = try await readOnly(source { $0 == corrected }).bars(request)
        let bar = try #require(answer.bars.filter { $0.time == corrected }.first)
        #expect(bar.close == (former.last?.close ?? 0) / 2)
        #expect(answer.origins.allSatisfy { $0.last < corrected })
        #expect(Set(answer.bars.map(\.time)).count == answer.bars.count)
        #expect(answer.bars.map(\.time) == answer.bars.map(\.time).sorted())
        #expect(try await store.revisions(of: SeriesKey(request)).isEmpty)
    }

    @Test("beside another writer an answer of after a split is on one basis throughout")
    func split() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), memory: .over(store), clock: { Self.now })
        _ = try await before.bars(request)
        let answer = try await readOnly(source { _ in true }).bars(request)
        let truth = try await source { _ in true }.bars(request)
        #expect(answer.bars == truth.bars)
        #expect(answer.origins.isEmpty)
    }

    @Test("a forming bar of an answer does not take the place of the stored bar that is final")
    func forming() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), memory: .over(store), clock: { Self.now })
        let known = try #require(try await before.bars(request).bars.filter(\.isFinal).last)
        let lagging = CountingSource(now: Self.later) { _, series in
            var series = series
            for index in series.bars.indices where series.bars[index].time >= known.time {
                series.bars[index].isFinal = false
                series.bars[index].close = series.bars[index].low
            }
            return series
        }
        let answer = try await readOnly(lagging).bars(request)
        #expect(answer.bars.contains(known))
    }
}
