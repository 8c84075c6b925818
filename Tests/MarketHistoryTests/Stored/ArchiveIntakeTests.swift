import MarketData
import MarketStore
import Testing

@testable import MarketHistory

@Suite("What live series said and waits to be kept")
struct ArchiveIntakeTests {
    private static let now = Timestamp(seconds: 0)

    private func key(_ number: Int) throws -> SeriesKey {
        SeriesKey(symbol: try Symbol("NSE:S\(number)"), interval: .oneMinute)
    }

    private func snapshot(_ key: SeriesKey, _ minutes: ClosedRange<Int>) -> BarEvent {
        let request = BarRequest(symbol: key.symbol, interval: key.interval, span: .count(300))
        return .snapshot(BarSeries(request: request, bars: minutes.map { .at($0) }, provenance: .of(.tradingview)))
    }

    /// A series whose first bars were compared.
    private func begin(_ key: SeriesKey, _ intake: inout ArchiveIntake) {
        _ = intake.receive(snapshot(key, 1...1), of: key, at: Self.now)
        for snapshot in intake.takeSnapshots() { intake.settle(snapshot.doubt, of: snapshot.key) }
    }

    @Test("only so many series are remembered; the one that was silent for longest is forgotten with what waits of it")
    func series() throws {
        var intake = ArchiveIntake(capacity: 100, mostSeries: 3)
        for number in 1...3 {
            begin(try key(number), &intake)
            _ = intake.receive(.bar(.at(2)), of: try key(number), at: Self.now)
        }
        _ = intake.receive(.bar(.at(3)), of: try key(1), at: Self.now)
        begin(try key(4), &intake)
        #expect(intake.seriesCount == 3)
        let kept = intake.takeBatches().map(\.key)
        #expect(Set(kept) == [try key(1), try key(3)])
        // Forgotten, it is kept again from its next snapshot on.
        #expect(intake.receive(.bar(.at(3)), of: try key(2), at: Self.now).dropped == 0)
        #expect(intake.waiting == 0)
        begin(try key(2), &intake)
        _ = intake.receive(.bar(.at(4)), of: try key(2), at: Self.now)
        #expect(intake.takeBatches().map(\.key) == [try key(2)])
        #expect(intake.seriesCount == 3)
    }

    @Test("a snapshot that finds no room is counted, and its series looked through instead")
    func snapshots() throws {
        var intake = ArchiveIntake(capacity: 100, mostSnapshotBars: 15)
        let (first, second) = (try key(1), try key(2))
        #expect(intake.receive(snapshot(first, 1...10), of: first, at: Self.now) == (false, 0))
        #expect(intake.receive(snapshot(second, 1...10), of: second, at: Self.now) == (true, 10))
        // A newer one of the same series takes the place of the older.
        #expect(intake.receive(snapshot(first, 1...15), of: first, at: Self.now) == (false, 0))
        #expect(intake.takeSnapshots().map(\.series.bars.count) == [15])
        #expect(intake.receive(snapshot(second, 1...10), of: second, at: Self.now) == (false, 0))
    }

    @Test("a series in doubt holds back only its newest bars, and only its own")
    func doubt() throws {
        var intake = ArchiveIntake(capacity: 100, mostInDoubt: 5)
        let (first, second) = (try key(1), try key(2))
        begin(first, &intake)
        begin(second, &intake)
        _ = intake.receive(.gap(TimeRange(from: Self.now, to: Timestamp(seconds: 60))), of: first, at: Self.now)
        var dropped = 0
        for minute in 2...9 {
            dropped += intake.receive(.bar(.at(minute)), of: first, at: Self.now).dropped
            _ = intake.receive(.bar(.at(minute)), of: second, at: Self.now)
        }
        #expect(dropped == 3)
        #expect(intake.takeBatches().map(\.key) == [second])
        #expect(intake.waiting == 5)
        let doubt = intake.doubt(of: first)
        _ = intake.receive(.gap(TimeRange(from: Self.now, to: Timestamp(seconds: 60))), of: first, at: Self.now)
        intake.settle(doubt, of: first)
        #expect(intake.takeBatches().isEmpty)
        intake.settle(intake.doubt(of: first), of: first, storedThrough: Timestamp(seconds: 7 * 60))
        #expect(intake.takeBatches().map { $0.bars.map(\.time.seconds) } == [[8 * 60, 9 * 60]])
        // What is settled late does not bring back a doubt that is settled.
        intake.settle(doubt, of: first)
        _ = intake.receive(.bar(.at(10)), of: first, at: Self.now)
        #expect(intake.takeBatches().map(\.key) == [first])
    }

    @Test(
        "a night between two bars, and each bar of a day, has the series looked through; a quiet quarter of an hour does not"
    )
    func breaks() throws {
        var intake = ArchiveIntake(capacity: 100)
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

    @Test(
        "all series in doubt together hold no more than half of what may wait, and are told of while they are connected"
    )
    func held() throws {
        var intake = ArchiveIntake(capacity: 10)
        let (first, second, third) = (try key(1), try key(2), try key(3))
        for key in [first, second, third] { begin(key, &intake) }
        for key in [first, second] {
            _ = intake.receive(.gap(TimeRange(from: Self.now, to: Timestamp(seconds: 60))), of: key, at: Self.now)
        }
        var dropped = 0
        for minute in 2...5 {
            for key in [first, second] { dropped += intake.receive(.bar(.at(minute)), of: key, at: Self.now).dropped }
        }
        #expect(dropped == 3)
        for minute in 2...6 { #expect(intake.receive(.bar(.at(minute)), of: third, at: Self.now).dropped == 0) }
        #expect(Set(intake.held) == [first, second])
        let away = SourceStatus(source: .tradingview, state: .reconnecting, since: Self.now)
        _ = intake.receive(.status(away), of: first, at: Self.now)
        #expect(intake.held == [second])
        intake.settle(intake.doubt(of: second), of: second)
        #expect(intake.held.isEmpty)
        #expect(Set(intake.takeBatches().map(\.key)) == [second, third])
        // There is room again.
        for minute in 6...7 { #expect(intake.receive(.bar(.at(minute)), of: first, at: Self.now).dropped == 0) }
    }

    @Test("a source that says when to come back is left alone for so long, within bounds")
    func retryAfter() {
        let pace = BarArchive.Pace()
        func wait(_ recovery: MarketDataError.Recovery) -> Duration {
            pace.wait(after: MarketDataError(.throttled, "too many", source: .tradingview, recovery: recovery))
        }
        #expect(wait(.retry(afterSeconds: 120)) == .seconds(120))
        #expect(wait(.retry(afterSeconds: 1)) == pace.patience)
        #expect(wait(.retry(afterSeconds: 86_400)) == pace.longestPatience)
        #expect(wait(.reconnect) == pace.patience)
    }
}
