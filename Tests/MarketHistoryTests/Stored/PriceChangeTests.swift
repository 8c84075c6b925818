import MarketData
import MarketStore
import Testing

@testable import MarketHistory

@Suite("Prices that come back different")
struct PriceChangeTests {
    /// 2026-07-29, a Wednesday, 11:02:30 in India.
    private static let now = Timestamp(seconds: 1_785_263_400 + 11 * 3600 + 150)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func bars(
        _ count: Int, now: Timestamp = now, _ change: @escaping @Sendable (Int, Bar) -> Bar = { _, bar in bar }
    ) async throws -> (BarSeries, CountingSource) {
        let source = CountingSource(now: now) { _, series in
            var series = series
            series.bars = series.bars.enumerated().map { change($0.offset, $0.element) }
            return series
        }
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(count))
        return (try await StoredHistory(source, memory: .over(store), clock: { now }).bars(request), source)
    }

    @Sendable private static func halved(_: Int, _ bar: Bar) -> Bar {
        var bar = bar
        bar.open /= 2
        bar.high /= 2
        bar.low /= 2
        bar.close /= 2
        return bar
    }

    @Test("a split, seen on the overlap, begins a new generation, and what is asked for is fetched again")
    func split() async throws {
        let (before, _) = try await bars(200)
        let later = Self.now.advanced(bySeconds: 1800)
        let (after, source) = try await bars(50, now: later, Self.halved)
        let stored = try await store.bars(of: Self.key, in: .always).bars.filter(\.isFinal)
        let former = try await store.formerBars(of: Self.key, in: .always, limit: .max).bars.filter(\.isFinal)
        let finals = before.bars.filter(\.isFinal)
        #expect(after.bars.count == 50)
        #expect(after.bars.dropLast() == stored.suffix(49))
        #expect(former == finals.filter { $0.time < stored[0].time })
        // The overlap, the window on the new level, and the stored bars before it.
        #expect(source.questions.count == 3)
        #expect(try await store.revisions(of: Self.key).isEmpty)
        let (again, quiet) = try await bars(50, now: later, Self.halved)
        #expect(again.bars == after.bars)
        #expect(quiet.questions.count == 1)
        let (whole, _) = try await bars(200, now: later, Self.halved)
        #expect(whole.bars.prefix(100).map(\.close) == finals.suffix(193).prefix(100).map { $0.close / 2 })
    }

    @Test("one bar that was corrected is a revision and no more")
    func correction() async throws {
        let (before, _) = try await bars(200)
        let finals = before.bars.filter(\.isFinal)
        let corrected = try #require(finals.dropLast().last).time
        let (_, source) = try await bars(50, now: Self.now.advanced(bySeconds: 600)) { _, bar in
            var bar = bar
            if bar.time == corrected { bar.close = bar.low }
            return bar
        }
        #expect(source.questions.count == 1)
        let revisions = try await store.revisions(of: Self.key)
        #expect(revisions.count <= 1)
        #expect(revisions.allSatisfy { $0.former.time == corrected })
        #expect(try await store.series().first?.revisions == revisions.count)
    }

    @Test("an overlap that differs as two feeds do is revised, and what is stored stays")
    func otherFeed() async throws {
        let (before, _) = try await bars(100)
        let (_, source) = try await bars(20, now: Self.now.advanced(bySeconds: 600)) { _, bar in
            var bar = bar
            bar.close = bar.low + (bar.high - bar.low) * 0.123
            bar.open -= 0.05
            bar.high += 0.05
            return bar
        }
        #expect(source.questions.count == 1)
        #expect(try await store.generation(of: Self.key) == 0)
        #expect(try await store.revisions(of: Self.key).count == SeriesFetcher.overlapBars)
        #expect(try await store.series().first?.bars ?? 0 >= before.bars.count(where: \.isFinal))
    }
}
