import MarketData
import TestSupport
import Testing

@testable import MarketServer

@Suite("Splits found in adjusted and unadjusted prices")
struct ShareSplitTests {
    private static func day(_ number: Int) -> Timestamp { Timestamp(seconds: Int64(20_000 + number) * 86_400) }

    /// Bars of a random walk, adjusted for splits on some days and as they were traded, to the tick.
    private static func bars(
        level: Double, tick: Double, splits: [Int: Double], using random: inout SeededGenerator
    ) -> (adjusted: [Bar], unadjusted: [Bar]) {
        var price = level
        var (adjusted, unadjusted): ([Bar], [Bar]) = ([], [])
        for number in 0..<60 {
            price *= Double.random(in: 0.97...1.03, using: &random)
            let scale = splits.filter { $0.key > number }.values.reduce(1, *)
            let prices = [price, price * 1.01, price * 0.99, price * Double.random(in: 0.995...1.005, using: &random)]
            func bar(_ scale: Double) -> Bar {
                let rounded = prices.map { ($0 * scale / tick).rounded() * tick }
                return Bar(
                    time: day(number), open: rounded[0], high: rounded[1], low: rounded[2], close: rounded[3],
                    volume: nil, isFinal: true)
            }
            adjusted.append(bar(1))
            unadjusted.append(bar(scale))
        }
        return (adjusted, unadjusted)
    }

    @Test(
        "each split is found on its day with its ratio",
        arguments: [
            (2, "2:1"), (5, "5:1"), (10, "10:1"), (1.5, "3:2"), (1.1, "11:10"), (1.25, "5:4"), (0.1, "1:10"),
            (0.5, "1:2"),
            (4, "4:1"), (20, "20:1"),
        ])
    func found(factor: Double, words: String) {
        var random = SeededGenerator(seed: 7)
        // Of a low price in whole ticks the ratio is not exact.
        for level in factor < 1 ? [2_500.0, 30_000] : [40, 250, 3_000] {
            for days in [[10], [5, 40], [1, 2, 59]] {
                let splits = Dictionary(uniqueKeysWithValues: days.map { ($0, factor) })
                let (adjusted, unadjusted) = Self.bars(level: level, tick: 0.01, splits: splits, using: &random)
                let found = ShareSplit.found(adjusted: adjusted, unadjusted: unadjusted, tick: 0.01)
                #expect(found.map(\.time) == days.map(Self.day), "level \(level)")
                #expect(found.allSatisfy { $0.words == words }, "\(found.map(\.words)) at level \(level)")
            }
        }
    }

    @Test("rounding of low prices is not a split", arguments: [0.05, 0.3, 1.0, 12.0, 900.0])
    func rounding(level: Double) {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20 {
            let (adjusted, unadjusted) = Self.bars(level: level, tick: 0.01, splits: [:], using: &random)
            let moved = unadjusted.map { bar in
                var bar = bar
                bar.close = (bar.close / 0.01 + 1).rounded() * 0.01
                return bar
            }
            #expect(ShareSplit.found(adjusted: adjusted, unadjusted: unadjusted, tick: 0.01).isEmpty)
            if level > 1 { #expect(ShareSplit.found(adjusted: adjusted, unadjusted: moved, tick: 0.01).isEmpty) }
        }
    }

    @Test("days in one list only, and prices not above 0, are skipped")
    func missingDays() {
        var random = SeededGenerator(seed: 3)
        var (adjusted, unadjusted) = Self.bars(level: 100, tick: 0.01, splits: [30: 2], using: &random)
        unadjusted.removeSubrange(28..<33)
        adjusted[50].low = -3
        let found = ShareSplit.found(adjusted: adjusted, unadjusted: unadjusted, tick: 0.01)
        #expect(found.map(\.time) == [Self.day(33)])
        #expect(ShareSplit.found(adjusted: [], unadjusted: unadjusted, tick: 0.01).isEmpty)
    }
}
