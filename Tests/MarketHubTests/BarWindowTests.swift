import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Bar window")
struct BarWindowTests {
    private let now = Timestamp(seconds: 5000)

    @Test("a bar of the same time replaces the earlier one, and a newer one is appended")
    func apply() {
        var window = BarWindow(.minutes(1...3), capacity: 10)
        window.apply(.at(3, close: 9, final: false), at: now)
        window.apply(.at(4), at: now)
        let bars = window.snapshot(.minutes(10), count: 10).bars
        #expect(bars.map(\.time.seconds) == [60, 120, 180, 240])
        #expect(bars[2].close == 9)
    }

    @Test("a snapshot holds the newest requested bars and is complete, whatever upstream missed before them")
    func snapshot() {
        let window = BarWindow(.minutes(1...5, shortfall: .planLimit), capacity: 10)
        let small = window.snapshot(.minutes(2), count: 2)
        #expect(small.bars.map(\.time.seconds) == [240, 300])
        #expect(small.request == .minutes(2))
        #expect(small.isComplete)
        #expect(window.snapshot(.minutes(9), count: 9).shortfall == .planLimit)
    }

    @Test("the window is bounded and drops the oldest bars")
    func bounded() {
        var window = BarWindow(.minutes(1...10), capacity: 10)
        for minute in 11...500 { window.apply(.at(minute), at: now) }
        let bars = window.snapshot(.minutes(100), count: 100).bars
        #expect(bars.count <= 10 + 10 / 8 + 16)
        #expect(bars.last?.time.seconds == 30_000)
    }

    @Test("a gap is reported until it is repaired, and repaired bars are in order")
    func repair() {
        var window = BarWindow(.minutes(1...2), capacity: 10)
        let gap = TimeRange(from: Timestamp(seconds: 180), to: Timestamp(seconds: 240))
        window.note(gap: gap)
        window.apply(.at(4), at: now)
        #expect(!window.snapshot(.minutes(4), count: 4).isComplete)
        window.repair(gap, with: [.at(3)], at: now)
        let series = window.snapshot(.minutes(4), count: 4)
        #expect(series.isComplete)
        #expect(series.bars.map(\.time.seconds) == [60, 120, 180, 240])
    }

    @Test("a gap is reported although another one is repaired")
    func otherGap() {
        var window = BarWindow(.minutes(1...2), capacity: 10)
        let gaps = [(180, 240), (300, 360)].map { TimeRange(from: Timestamp(seconds: $0), to: Timestamp(seconds: $1)) }
        for gap in gaps { window.note(gap: gap) }
        window.repair(gaps[1], with: [.at(5)], at: now)
        let series = window.snapshot(.minutes(3), count: 3)
        #expect(series.gaps.map(\.range) == [gaps[0]])
        #expect(!series.isComplete)
    }

    @Test("the snapshot's time is that of the newest bar, less the source's delay")
    func asOf() {
        var series = BarSeries.minutes(1...2)
        series.provenance.delaySeconds = 900
        var window = BarWindow(series, capacity: 10)
        window.apply(.at(3), at: now)
        #expect(window.snapshot(.minutes(3), count: 3).provenance.asOf == Timestamp(seconds: 4100))
    }
}
