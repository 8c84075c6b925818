import MarketData
import MarketStore
import Testing

@testable import MarketHistory

@Suite("Prices that come back different")
struct BasisChangeTests {
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

    @Test("a split, seen on the overlap, fetches the whole series anew; the former prices are revisions")
    func split() async throws {
        let (before, _) = try await bars(200)
        let later = Self.now.advanced(bySeconds: 1800)
        let (after, source) = try await bars(50, now: later, Self.halved)
        let stored = try await store.bars(of: Self.key, in: .always).bars.filter(\.isFinal)
        let finals = before.bars.filter(\.isFinal)
        #expect(stored.prefix(finals.count).map(\.close) == finals.map { $0.close / 2 })
        #expect(try await store.revisions(of: Self.key).count == finals.count)
        #expect(after.bars.count == 50)
        #expect(after.bars.dropLast() == stored.suffix(49))
        #expect(source.questions.count == 2)
        let (again, quiet) = try await bars(50, now: later, Self.halved)
        #expect(again.bars == after.bars)
        #expect(quiet.questions.count == 1)
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

    @Test("an overlap that differs everywhere fetches the whole series anew")
    func otherFeed() async throws {
        let (before, _) = try await bars(100)
        let (_, source) = try await bars(20, now: Self.now.advanced(bySeconds: 600)) { _, bar in
            var bar = bar
            bar.close = bar.low + (bar.high - bar.low) * 0.123
            bar.open -= 0.05
            bar.high += 0.05
            return bar
        }
        #expect(source.questions.count == 2)
        #expect(try await store.revisions(of: Self.key).count == before.bars.count(where: \.isFinal))
    }

    @Test("a factor is told from a change of every bar, and from bars of which one is as it was")
    func kinds() {
        let old = (1...3).map { Bar.of($0, price: 100 + Double($0)) }
        let halved = (1...3).map { Bar.of($0, price: (100 + Double($0)) / 2) }
        guard case .factor(let factor) = BasisChange.between(stored: old, incoming: halved) else {
            Issue.record("a split is no factor")
            return
        }
        #expect(abs(factor - 0.5) < 0.001)
        let other = (1...3).map { Bar.of($0, price: 100 + Double($0 * $0) * 7) }
        #expect(BasisChange.between(stored: old, incoming: other) == .everywhere)
        #expect(BasisChange.between(stored: old, incoming: [old[0], halved[1], halved[2]]) == nil)
        #expect(BasisChange.between(stored: [old[0]], incoming: halved) == nil)
        #expect(BasisChange.between(stored: old, incoming: []) == nil)
    }

    @Test("a tick of a cheap price is no other level of prices; a factor, or all in one direction, is")
    func levels() {
        func keepsLevel(_ old: [Double], _ new: [Double], isBackAdjusted: Bool = false) -> Bool {
            func bars(_ prices: [Double]) -> [Bar] {
                prices.enumerated().map { index, price in
                    Bar(
                        time: Timestamp(seconds: Int64(index) * 60), open: price, high: price, low: price,
                        close: price, volume: nil, isFinal: true)
                }
            }
            return BasisChange.keepsLevel(
                stored: bars(old), incoming: bars(new), isBackAdjusted: isBackAdjusted)
        }
        #expect(keepsLevel([0.3, 0.3, 0.35], [0.35, 0.25, 0.4]))
        #expect(keepsLevel([0.3, 0.3, 0.3], [0.35, 0.35, 0.35]))
        #expect(keepsLevel([2, 2.1, 2.2], [2.1, 2, 2.3]))
        #expect(!keepsLevel([2, 2.1, 2.2], [1, 1.05, 1.1]))
        #expect(!keepsLevel([2, 2.1, 2.2], [2.3, 2.25, 2.5]))
        #expect(!keepsLevel([100, 101, 103], [99, 99.99, 101.97]))
        // A roll of 90 points.
        let (old, new) = ([24_000.0, 24_100, 24_090], [24_090.0, 24_190, 24_180])
        #expect(keepsLevel(old, [24_050, 24_120, 24_100]))
        #expect(!keepsLevel(old, new, isBackAdjusted: true))
    }
}

extension Bar {
    fileprivate static func of(_ minute: Int, price: Double) -> Bar {
        Bar(
            time: Timestamp(seconds: Int64(minute) * 60), open: price, high: price * 1.01, low: price * 0.99,
            close: price,
            volume: nil, isFinal: true)
    }
}
