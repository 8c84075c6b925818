import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Live bars that wait to be stored")
struct LiveBarIntakeTests {
    private static let now = Timestamp(seconds: 0)

    private func key(_ number: Int) throws -> SeriesKey {
        SeriesKey(symbol: try Symbol("NSE:S\(number)"), interval: .oneMinute)
    }

    private func snapshot(_ key: SeriesKey, _ minutes: ClosedRange<Int>) -> BarEvent {
        let request = BarRequest(symbol: key.symbol, interval: key.interval, span: .count(300))
        return .snapshot(BarSeries(request: request, bars: minutes.map { .at($0) }, provenance: .of(.tradingview)))
    }

    private func intake(bars: Int = 100, snapshotBars: Int = 500_000, series: Int = 10_000) -> LiveBarIntake {
        LiveBarIntake(LiveBarIntake.Limits(bars: bars, snapshotBars: snapshotBars, series: series))
    }

    /// A series whose first bars were handed over.
    private func begin(_ key: SeriesKey, _ intake: inout LiveBarIntake) {
        _ = intake.receive(snapshot(key, 1...1), of: key, at: Self.now)
        _ = intake.take()
    }

    @Test("beyond the limit, the series that was silent for longest is dropped with its bars")
    func series() throws {
        var intake = intake(series: 3)
        for number in 1...3 {
            begin(try key(number), &intake)
            _ = intake.receive(.bar(.at(2)), of: try key(number), at: Self.now)
        }
        _ = intake.take()
        for number in 1...3 { _ = intake.receive(.bar(.at(3)), of: try key(number), at: Self.now) }
        _ = intake.receive(.bar(.at(4)), of: try key(1), at: Self.now)
        _ = intake.receive(snapshot(try key(4), 1...1), of: try key(4), at: Self.now)
        #expect(intake.seriesCount == 3)
        #expect(intake.waiting == 3)
        #expect(Set(intake.take().map(\.key)) == [try key(1), try key(3), try key(4)])
        // Forgotten, it is kept again from its next snapshot on.
        #expect(intake.receive(.bar(.at(3)), of: try key(2), at: Self.now).dropped == 0)
        #expect(intake.waiting == 0)
        begin(try key(2), &intake)
        _ = intake.receive(.bar(.at(4)), of: try key(2), at: Self.now)
        #expect(intake.take().map(\.key) == [try key(2)])
        #expect(intake.seriesCount == 3)
    }

    @Test("a snapshot beyond the limit is counted, and its series repaired")
    func snapshots() throws {
        var intake = intake(snapshotBars: 15)
        let (first, second) = (try key(1), try key(2))
        #expect(intake.receive(snapshot(first, 1...10), of: first, at: Self.now) == (false, 0))
        #expect(intake.receive(snapshot(second, 1...10), of: second, at: Self.now) == (true, 10))
        // A newer one of the same series takes the place of the older.
        #expect(intake.receive(snapshot(first, 1...15), of: first, at: Self.now) == (false, 0))
        #expect(intake.take().map { $0.snapshot?.bars.count } == [15])
        #expect(intake.receive(snapshot(second, 1...10), of: second, at: Self.now) == (false, 0))
    }

    @Test("a full intake counts the bars it drops and still replaces a waiting one")
    func full() throws {
        var intake = intake(bars: 3)
        let key = try key(1)
        begin(key, &intake)
        for minute in 2...4 {
            #expect(intake.receive(.bar(.at(minute)), of: key, at: Self.now).dropped == 0)
            #expect(intake.receive(.bar(.at(minute, close: 2)), of: key, at: Self.now).dropped == 0)
        }
        #expect(intake.receive(.bar(.at(5)), of: key, at: Self.now).dropped == 1)
        #expect(intake.waiting == 3)
        #expect(intake.take().map { $0.bars.map(\.close) } == [[2, 2, 2]])
        #expect(intake.waiting == 0)
    }

    @Test("bars follow stored ones confirmed since the feed last broke")
    func confirmed() throws {
        var intake = intake()
        let key = try key(1)
        func confirmedSince() -> Timestamp? {
            _ = intake.receive(.bar(.at(2)), of: key, at: Timestamp(seconds: 9_000))
            return intake.take().first?.confirmedSince
        }
        _ = intake.receive(snapshot(key, 1...1), of: key, at: Timestamp(seconds: 2_000))
        #expect(intake.take().map(\.confirmedSince) == [Timestamp(seconds: 1_000)])
        #expect(confirmedSince() == Timestamp(seconds: 1_000))
        let gap = TimeRange(from: Self.now, to: Timestamp(seconds: 60))
        #expect(intake.receive(.gap(gap), of: key, at: Timestamp(seconds: 3_000)).isRepairDue)
        #expect(confirmedSince() == Timestamp(seconds: 3_000))
        for (state, second) in [(SourceStatus.State.reconnecting, Int64(4_000)), (.connected, 5_000)] {
            let status = SourceStatus(source: .tradingview, state: state, since: Self.now)
            let due = intake.receive(.status(status), of: key, at: Timestamp(seconds: second)).isRepairDue
            #expect(due == (state == .connected))
        }
        #expect(confirmedSince() == Timestamp(seconds: 4_000))
        // After a night, the bar itself is the break.
        _ = intake.receive(.bar(.at(2_000)), of: key, at: Timestamp(seconds: 121_000))
        #expect(intake.take().map(\.confirmedSince) == [Timestamp(seconds: 121_000)])
    }

    @Test(
        "a night and each daily bar cause a check of the series, a quiet quarter hour does not"
    )
    func breaks() throws {
        var intake = intake()
        let key = try key(1)
        begin(key, &intake)
        func isDue(_ minute: Int) -> Bool { intake.receive(.bar(.at(minute)), of: key, at: Self.now).isRepairDue }
        let due = [2, 17, 17, 17 + 61, 17 + 61 + 62].map { isDue($0) }
        #expect(due == [false, false, false, false, true])
        let daily = SeriesKey(symbol: key.symbol, interval: .oneDay)
        begin(daily, &intake)
        #expect(intake.receive(.bar(.at(1_441)), of: daily, at: Self.now).isRepairDue)
        #expect(!intake.receive(.bar(.at(2_881, final: false)), of: daily, at: Self.now).isRepairDue)
    }

    @Test("series are repaired once each, in order")
    func repairs() throws {
        var queue = RepairQueue()
        let keys = try (1...3).map { try key($0) }
        for key in keys + keys { queue.add(key, at: Self.now) }
        #expect(queue.count == 3)
        #expect([queue.next(), queue.next(), queue.next(), queue.next()] == keys + [nil])
    }

    @Test("a series that failed is due after pauses that double up to a limit, until it succeeds")
    func failures() throws {
        var queue = RepairQueue()
        let key = try key(1)
        var (now, pauses): (Int64, [Int64]) = (1_000, [])
        for _ in 1...5 {
            let start = now
            queue.pause(key, at: Timestamp(seconds: now), seconds: 30...100)
            queue.add(key, at: Timestamp(seconds: now))
            #expect(queue.next() == nil)
            while queue.due(at: Timestamp(seconds: now)).isEmpty { now += 1 }
            pauses.append(now - start)
            queue.add(key, at: Timestamp(seconds: now))
            #expect(queue.due(at: Timestamp(seconds: now)).isEmpty)
            #expect(queue.next() == key)
            if pauses.count == 4 { queue.forget(key) }
        }
        #expect(pauses == [30, 60, 100, 100, 30])
    }

    @Test("a pause is at least as long as its failure demands")
    func longerPause() throws {
        var queue = RepairQueue()
        let key = try key(1)
        queue.pause(key, at: Timestamp(seconds: 0), seconds: 30...900)
        queue.pause(key, at: Timestamp(seconds: 0), seconds: 900...86_400)
        #expect(queue.due(at: Timestamp(seconds: 899)).isEmpty)
        #expect(queue.due(at: Timestamp(seconds: 900)) == [key])
    }

    @Test("a clock that is put back ends a pause")
    func clockPutBack() throws {
        var queue = RepairQueue()
        let key = try key(1)
        queue.pause(key, at: Timestamp(seconds: 7_200), seconds: 30...900)
        #expect(queue.due(at: Timestamp(seconds: 7_229)).isEmpty)
        #expect(queue.due(at: Timestamp(seconds: 7_199)) == [key])
        queue.add(key, at: Timestamp(seconds: 7_199))
        #expect(queue.next() == key)
    }

    @Test("a series that was added during its repair does not escape the pause")
    func addedMeanwhile() throws {
        var queue = RepairQueue()
        let (key, other) = (try key(1), try key(2))
        for added in [key, other] { queue.add(added, at: Self.now) }
        queue.pause(key, at: Self.now, seconds: 30...900)
        #expect([queue.next(), queue.next()] == [other, nil])
        #expect(queue.count == 0)
    }

    @Test("the source's retry delay is respected, within bounds")
    func retryAfter() {
        func pause(_ recovery: MarketDataError.Recovery) -> Duration {
            BarArchive.pause(
                after: MarketDataError(.throttled, "too many", source: .tradingview, recovery: recovery),
                atLeast: .seconds(30))
        }
        #expect(pause(.retry(afterSeconds: 120)) == .seconds(120))
        #expect(pause(.retry(afterSeconds: 1)) == .seconds(30))
        #expect(pause(.retry(afterSeconds: 86_400)) == .seconds(900))
        #expect(pause(.reconnect) == .seconds(30))
    }
}
