import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Prices that change")
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
        return (try await StoredHistory(source, cache: .over(store), clock: { now }).bars(request), source)
    }

    @Sendable private static func halved(_: Int, _ bar: Bar) -> Bar {
        var bar = bar
        bar.open /= 2
        bar.high /= 2
        bar.low /= 2
        bar.close /= 2
        return bar
    }

    @Test("a split in the overlap begins a new generation and a new fetch")
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
        // The overlap, the window with new prices, and the stored bars before it.
        #expect(source.requests.count == 3)
        #expect(try await store.revisions(of: Self.key).isEmpty)
        let (again, quiet) = try await bars(50, now: later, Self.halved)
        #expect(again.bars == after.bars)
        #expect(quiet.requests.count == 1)
        let (whole, _) = try await bars(200, now: later, Self.halved)
        #expect(whole.bars.prefix(100).map(\.close) == finals.suffix(193).prefix(100).map { $0.close / 2 })
    }

    @Test("one corrected bar is a revision")
    func correction() async throws {
        let (before, _) = try await bars(200)
        let finals = before.bars.filter(\.isFinal)
        let corrected = try #require(finals.dropLast().last).time
        let (_, source) = try await bars(50, now: Self.now.advanced(bySeconds: 600)) { _, bar in
            var bar = bar
            if bar.time == corrected { bar.close = bar.low }
            return bar
        }
        #expect(source.requests.count == 1)
        let revisions = try await store.revisions(of: Self.key)
        #expect(revisions.count <= 1)
        #expect(revisions.allSatisfy { $0.former.time == corrected })
        #expect(try await store.series().first?.revisions == revisions.count)
    }

    @Test("an overlap that differs as two feeds do is revised without a new generation")
    func otherFeed() async throws {
        let (before, _) = try await bars(100)
        let (_, source) = try await bars(20, now: Self.now.advanced(bySeconds: 600)) { _, bar in
            var bar = bar
            bar.close = bar.low + (bar.high - bar.low) * 0.123
            bar.open -= 0.05
            bar.high += 0.05
            return bar
        }
        #expect(source.requests.count == 1)
        #expect(try await store.generation(of: Self.key) == 0)
        #expect(try await store.revisions(of: Self.key).count == Admission.overlapBars)
        #expect(try await store.series().first?.bars ?? 0 >= before.bars.count(where: \.isFinal))
    }
}

/// What a source returns now is in the response, also where the store cannot take it in.
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
        StoredHistory(source, cache: .over(store, isReadOnly: true), clock: { Self.later })
    }

    @Test("beside another writer a corrected bar of the source takes precedence over the stored one")
    func correction() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), cache: .over(store), clock: { Self.now })
        let former = try await before.bars(request).bars.filter(\.isFinal)
        let corrected = try #require(former.last).time
        let response = try await readOnly(source { $0 == corrected }).bars(request)
        let bar = try #require(response.bars.filter { $0.time == corrected }.first)
        #expect(bar.close == (former.last?.close ?? 0) / 2)
        #expect(response.origins.allSatisfy { $0.last < corrected })
        #expect(Set(response.bars.map(\.time)).count == response.bars.count)
        #expect(response.bars.map(\.time) == response.bars.map(\.time).sorted())
        #expect(try await store.revisions(of: SeriesKey(request)).isEmpty)
    }

    @Test("beside another writer a response after a split has one price adjustment throughout")
    func split() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), cache: .over(store), clock: { Self.now })
        _ = try await before.bars(request)
        let response = try await readOnly(source { _ in true }).bars(request)
        let truth = try await source { _ in true }.bars(request)
        #expect(response.bars == truth.bars)
        #expect(response.origins.isEmpty)
    }

    @Test("a forming bar does not replace a stored final bar")
    func forming() async throws {
        let before = StoredHistory(CountingSource(now: Self.now), cache: .over(store), clock: { Self.now })
        let known = try #require(try await before.bars(request).bars.filter(\.isFinal).last)
        let lagging = CountingSource(now: Self.later) { _, series in
            var series = series
            for index in series.bars.indices where series.bars[index].time >= known.time {
                series.bars[index].isFinal = false
                series.bars[index].close = series.bars[index].low
            }
            return series
        }
        let response = try await readOnly(lagging).bars(request)
        #expect(response.bars.contains(known))
    }
}
