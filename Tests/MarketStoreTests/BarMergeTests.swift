import MarketData
import TestSupport
import Testing

@testable import MarketStore

@Suite("which account of a bar stands")
struct BarMergeTests {
    private struct Account: Hashable {
        var bar: Bar
        var response: BarMerge.Response
    }

    private func account(_ random: inout SeededGenerator) -> Account {
        let close = Double(Int.random(in: 100...102, using: &random))
        let source: Provenance.Source = Bool.random(using: &random) ? .tradingview : .nse
        return Account(
            bar: Moments.bar(Moments.time(0), close: close, isFinal: Bool.random(using: &random)),
            response: BarMerge.Response(
                asOf: Moments.time(Int.random(in: 0..<3, using: &random)),
                origin: OriginName(Moments.provenance(source))))
    }

    private func fold(_ accounts: [Account]) -> Account? {
        guard var standing = accounts.first else { return nil }
        for other in accounts.dropFirst() {
            let verdict = BarMerge.settle(
                stored: standing.bar, from: standing.response, incoming: other.bar, from: other.response)
            switch verdict {
            case .kept, .revisedEarlier: break
            case .replaced, .confirmed, .revised: standing = other
            }
        }
        return standing
    }

    @Test("does not depend on the order in which accounts come, nor on repeats")
    func order() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<3_000 {
            let accounts = (0..<Int.random(in: 1...6, using: &random)).map { _ in account(&random) }
            let other = (accounts + accounts.shuffled(using: &random).prefix(2)).shuffled(using: &random)
            #expect(fold(accounts) == fold(other))
        }
    }

    @Test("bars of one response are put in order, and of one time the final version stands")
    func ordering() {
        let final = Moments.bar(Moments.time(1))
        let bars = [
            Moments.bar(Moments.time(2)), final, Moments.bar(Moments.time(1), isFinal: false),
            Moments.bar(Moments.time(0)),
        ]
        #expect(BarMerge.ordered(bars).map(\.time) == [0, 1, 2].map(Moments.time))
        #expect(BarMerge.ordered(bars).dropFirst().first == final)
    }
}

@Suite("Price levels")
struct PriceLevelTests {
    private func bars(_ prices: [Double], spread: Double = 1) -> [Bar] {
        prices.enumerated().map { index, price in
            Bar(
                time: Timestamp(seconds: Int64(index) * 60), open: price, high: price * spread, low: price / spread,
                close: price, volume: nil, isFinal: true)
        }
    }

    private func compare(_ old: [Double], _ new: [Double], isBackAdjusted: Bool = false) -> PriceLevel {
        PriceLevel.compare(stored: bars(old), incoming: bars(new), isBackAdjusted: isBackAdjusted)
    }

    @Test("one factor over all bars changes the level; one bar as it was proves that it is the same")
    func factor() {
        let old = bars([101, 102, 103], spread: 1.01)
        let halved = bars([50.5, 51, 51.5], spread: 1.01)
        #expect(PriceLevel.compare(stored: old, incoming: halved) == .changed)
        #expect(PriceLevel.compare(stored: old, incoming: [old[0], halved[1], halved[2]]) == .same)
        #expect(PriceLevel.compare(stored: old, incoming: old) == .same)
    }

    @Test("nothing in common, or a single bar that differs, says nothing")
    func unknown() {
        #expect(PriceLevel.compare(stored: bars([100]), incoming: bars([50, 51])) == .unknown)
        #expect(PriceLevel.compare(stored: bars([100, 101]), incoming: []) == .unknown)
        var forming = bars([50, 50.5])
        for index in forming.indices { forming[index].isFinal = false }
        #expect(PriceLevel.compare(stored: bars([100, 101]), incoming: forming) == .unknown)
    }

    @Test("a tick of a cheap price, and the noise between feeds, keep the level")
    func noise() {
        #expect(compare([0.3, 0.3, 0.35], [0.35, 0.25, 0.4]) == .same)
        #expect(compare([0.3, 0.3, 0.3], [0.35, 0.35, 0.35]) == .same)
        #expect(compare([2, 2.1, 2.2], [2.1, 2, 2.3]) == .same)
        #expect(compare([24_000, 24_100, 24_090], [24_050, 24_120, 24_100]) == .same)
    }

    @Test("a factor, or all in one direction by more than feeds differ, changes the level")
    func levels() {
        #expect(compare([2, 2.1, 2.2], [1, 1.05, 1.1]) == .changed)
        #expect(compare([2, 2.1, 2.2], [2.3, 2.25, 2.5]) == .changed)
        #expect(compare([100, 101, 103], [99, 99.99, 101.97]) == .changed)
        #expect(compare([-10, -12, -11], [-20, -25, -30]) == .changed)
    }

    @Test("a back-adjusted series is on another level wherever all bars differ")
    func backAdjusted() {
        let (old, new) = ([24_000.0, 24_100, 24_090], [24_030.0, 24_130, 24_120])
        #expect(compare(old, new) == .same)
        #expect(compare(old, new, isBackAdjusted: true) == .changed)
        #expect(compare(old, [24_030, 24_100, 24_120], isBackAdjusted: true) == .same)
    }
}
