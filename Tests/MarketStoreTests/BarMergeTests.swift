import MarketData
import TestSupport
import Testing

@testable import MarketStore

@Suite("Which version of a bar is kept")
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

    @Test("the kept version does not depend on order or repeats")
    func order() {
        var random = SeededGenerator(seed: 21)
        for _ in 0..<3_000 {
            let accounts = (0..<Int.random(in: 1...6, using: &random)).map { _ in account(&random) }
            let other = (accounts + accounts.shuffled(using: &random).prefix(2)).shuffled(using: &random)
            #expect(fold(accounts) == fold(other))
        }
    }

    @Test("a later response that differs in one value alone revises; one that differs in none confirms")
    func oneValue() {
        let stored = Bar(
            time: Moments.time(0), open: 100, high: 102, low: 99, close: 101, volume: 10, openInterest: 5,
            isFinal: true)
        let provenance = OriginName(Moments.provenance(.tradingview))
        let (old, new) = (
            BarMerge.Response(asOf: Moments.time(1), origin: provenance),
            BarMerge.Response(asOf: Moments.time(2), origin: provenance)
        )
        func verdict(_ incoming: Bar) -> BarMerge.Verdict {
            BarMerge.settle(stored: stored, from: old, incoming: incoming, from: new)
        }
        #expect(verdict(stored) == .confirmed)
        let changes: [WritableKeyPath<Bar, Double>] = [\.open, \.high, \.low, \.close]
        for change in changes {
            var incoming = stored
            incoming[keyPath: change] += 0.05
            #expect(verdict(incoming) == .revised)
        }
        for change in [\Bar.volume, \.openInterest] {
            for value in [11.0, nil] {
                var incoming = stored
                incoming[keyPath: change] = value
                #expect(verdict(incoming) == .revised)
            }
        }
    }

    @Test("bars of one response are sorted, and the final version of a time is kept")
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

@Suite("Price adjustments")
struct PriceComparisonTests {
    private func bars(_ prices: [Double], spread: Double = 1) -> [Bar] {
        prices.enumerated().map { index, price in
            Bar(
                time: Timestamp(seconds: Int64(index) * 60), open: price, high: price * spread, low: price / spread,
                close: price, volume: nil, isFinal: true)
        }
    }

    private func compare(_ old: [Double], _ new: [Double], isBackAdjusted: Bool = false) -> PriceComparison {
        PriceComparison.compare(stored: bars(old), incoming: bars(new), isBackAdjusted: isBackAdjusted)
    }

    @Test("one factor over all bars is a change, and one equal bar excludes it")
    func factor() {
        let old = bars([101, 102, 103], spread: 1.01)
        let halved = bars([50.5, 51, 51.5], spread: 1.01)
        #expect(PriceComparison.compare(stored: old, incoming: halved) == .changed)
        #expect(PriceComparison.compare(stored: old, incoming: [old[0], halved[1], halved[2]]) == .same)
        #expect(PriceComparison.compare(stored: old, incoming: old) == .same)
    }

    @Test("no common bar, or a single different one, is unknown")
    func unknown() {
        #expect(PriceComparison.compare(stored: bars([100]), incoming: bars([50, 51])) == .unknown)
        #expect(PriceComparison.compare(stored: bars([100, 101]), incoming: []) == .unknown)
        var forming = bars([50, 50.5])
        for index in forming.indices { forming[index].isFinal = false }
        #expect(PriceComparison.compare(stored: bars([100, 101]), incoming: forming) == .unknown)
    }

    @Test("a tick of a low price and the noise between feeds are not a change")
    func noise() {
        #expect(compare([0.3, 0.3, 0.35], [0.35, 0.25, 0.4]) == .same)
        #expect(compare([0.3, 0.3, 0.3], [0.35, 0.35, 0.35]) == .same)
        #expect(compare([2, 2.1, 2.2], [2.1, 2, 2.3]) == .same)
        #expect(compare([24_000, 24_100, 24_090], [24_050, 24_120, 24_100]) == .same)
    }

    @Test("a factor, or a shift larger than feeds differ, is a change")
    func adjustments() {
        #expect(compare([2, 2.1, 2.2], [1, 1.05, 1.1]) == .changed)
        #expect(compare([2, 2.1, 2.2], [2.3, 2.25, 2.5]) == .changed)
        #expect(compare([100, 101, 103], [99, 99.99, 101.97]) == .changed)
        #expect(compare([-10, -12, -11], [-20, -25, -30]) == .changed)
    }

    @Test("a back-adjusted series changes wherever all bars differ")
    func backAdjusted() {
        let (old, new) = ([24_000.0, 24_100, 24_090], [24_030.0, 24_130, 24_120])
        #expect(compare(old, new) == .same)
        #expect(compare(old, new, isBackAdjusted: true) == .changed)
        #expect(compare(old, [24_030, 24_100, 24_120], isBackAdjusted: true) == .same)
    }
}
