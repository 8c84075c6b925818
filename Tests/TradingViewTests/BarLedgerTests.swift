import MarketData
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Bar ledger")
struct BarLedgerTests {
    private func bars(_ minutes: [Int], close: Double = 1) -> [Bar] {
        minutes.flatMap { Wire.bars($0..<($0 + 1), close: close) }.map { $0.bar(isFinal: true) }
    }

    @Test("older, newer, repeated and unordered bars end up ascending, each once, in their later version")
    func merges() {
        var ledger = BarLedger()
        #expect(ledger.merge(bars([5, 6, 7])) == 3)
        #expect(ledger.merge(bars([1, 2])) == 2)
        #expect(ledger.merge(bars([9, 8, 9])) == 2)
        #expect(ledger.merge(bars([2, 3, 4, 5], close: 2)) == 2)
        #expect(ledger.bars.map(\.time) == (1...9).map(Wire.time))
        #expect(ledger.bars.map(\.close) == [1, 2, 2, 2, 2, 1, 1, 1, 1])
        ledger.keepNewest(2)
        #expect(ledger.bars.map(\.time) == [Wire.time(8), Wire.time(9)])
    }

    @Test("the memory of dropped bars is released")
    func memory() {
        var ledger = BarLedger()
        ledger.merge(bars(Array(0..<5_000)))
        ledger.keepNewest(12)
        #expect(ledger.bars.count == 12)
        #expect(ledger.bars.capacity < 100)
    }

    @Test(
        "a daily bar closes with its session where the source does not report the close",
        arguments: [("0930-1600", 23_400), ("0215-0826,0830-1516", 46_860), ("1700-1600", 82_800), ("24x7", 86_400)])
    func dailyClose(session: String, seconds: Int64) {
        let close = BarClose(interval: .oneDay, session: session)
        let bar = bars([0])[0]
        #expect(close.closeTime(of: bar) == bar.time.advanced(bySeconds: seconds))
    }

    @Test("the source's close counts, unless it belongs to an earlier bar")
    func announced() {
        let bar = bars([10])[0]
        let reported = BarClose(interval: .oneDay, announced: bar.time.advanced(bySeconds: 99))
        #expect(reported.closeTime(of: bar) == bar.time.advanced(bySeconds: 99))
        let later = BarClose(interval: .oneMinute, announced: bar.time.advanced(bySeconds: 61))
        #expect(later.closeTime(of: bar) == bar.time.advanced(bySeconds: 60))
        let nextYears = BarClose(
            interval: .oneDay, session: "0930-1600", announced: bar.time.advanced(bySeconds: 1 << 25))
        #expect(nextYears.closeTime(of: bar) == bar.time.advanced(bySeconds: 23_400))
        let stale = BarClose(interval: .oneMinute, announced: bar.time)
        #expect(stale.closeTime(of: bar) == bar.time.advanced(bySeconds: 60))
    }
}
