import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Gaps in the series of one source")
struct SourceGapsTests {
    private static func stamps(_ source: Provenance.Source, _ minutes: some Sequence<Int>) -> [SnapshotStamp] {
        minutes.map { SnapshotStamp(source: source, mode: .delayed, asOf: RecordedSession.minute($0)) }
    }

    private static func watch(_ from: Int, _ to: Int, _ outcome: RecordingWatch.Outcome = .watched) -> RecordingWatch {
        RecordingWatch(
            symbol: .nifty, expiry: SteppingSource.expiry, span: RecordedSession.minutes(from, to), outcome: outcome)
    }

    private static func gaps(_ stamps: [SnapshotStamp], _ watches: [RecordingWatch]) -> [RecordingGap] {
        RecordingGapFinder.gaps(
            in: RecordedSession.session, until: RecordedSession.session.closes, stamps: stamps, watches: watches,
            largestStep: 270)
    }

    @Test("an outage of a source is a gap that names what another source reported")
    func fallsAway() {
        let trendlyne =
            SourceGapsTests.stamps(.trendlyne, stride(from: 0, through: 120, by: 3))
            + SourceGapsTests.stamps(.trendlyne, stride(from: 180, through: 375, by: 3))
        let nse = SourceGapsTests.stamps(.nse, stride(from: 122, through: 178, by: 4))
        let gaps = SourceGapsTests.gaps(trendlyne + nse, [SourceGapsTests.watch(-5, 375)])
        #expect(
            gaps == [
                RecordingGap(
                    span: RecordedSession.minutes(120, 180), reason: .otherSource, source: .trendlyne,
                    others: [
                        RecordedStretch(
                            source: .nse, snapshots: 15, first: RecordedSession.minute(122),
                            last: RecordedSession.minute(178))
                    ])
            ])
    }

    @Test("an hour of silence is not attributed to a source that responds later")
    func silenceFirst() {
        let trendlyne = SourceGapsTests.stamps(.trendlyne, stride(from: 0, through: 240, by: 3))
        let nse = SourceGapsTests.stamps(.nse, stride(from: 300, through: 375, by: 3))
        let gaps = SourceGapsTests.gaps(trendlyne + nse, [SourceGapsTests.watch(-5, 375)])
        #expect(gaps.map(\.reason) == [.repeated, .otherSource])
        #expect(gaps.map(\.source) == [.trendlyne, .trendlyne])
        #expect(gaps.map(\.others.count) == [0, 1])
        #expect(gaps.last?.span.to == RecordedSession.session.closes)
    }

    @Test("the source with the most snapshots is shown; on a tie, the first in failover order")
    func shown() {
        let few = SourceGapsTests.stamps(.trendlyne, [0, 3])
        let most = SourceGapsTests.stamps(.nse, stride(from: 0, through: 375, by: 3))
        #expect(SourceGapsTests.gaps(few + most, []) == [])
        #expect(SessionStamps(few + SourceGapsTests.stamps(.nse, [0, 3])).shown == .trendlyne)
        #expect(SessionStamps([]).shown == nil)
    }

    @Test(
        "the second source is recorded during an outage, and the first fills its gap later"
    )
    func filledOnReturn() async throws {
        try await withTemporaryFolder { folder in
            var faults = SteppingSource.Faults()
            faults.outages = [RecordedSession.minutes(100, 160)]
            var newestOnly = SteppingSource.Faults()
            newestOnly.hasThePast = false
            let recorded = RecordedSession(faults: faults, second: newestOnly, folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(400))
            let gap = try #require(recorded.events.gaps.first)
            #expect(gap.source == .trendlyne)
            #expect(gap.reason == .otherSource)
            #expect(gap.others.map(\.source) == [.nse])
            let stored = try await recorded.stored().filter { $0.provenance.asOf >= RecordedSession.session.opens }
            let trendlyne = stored.filter { $0.provenance.source == .trendlyne }.map(\.provenance.asOf)
            #expect(trendlyne == recorded.source.stamps)
            #expect(stored.contains { $0.provenance.source == .nse })
            #expect(try await recorded.gaps() == [])
        }
    }

    @Test("an outage until the close leaves a gap that names the second source")
    func staysAway() async throws {
        try await withTemporaryFolder { folder in
            var faults = SteppingSource.Faults()
            faults.outages = [RecordedSession.minutes(240, 500)]
            let recorded = RecordedSession(faults: faults, second: SteppingSource.Faults(), folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(400))
            let gaps = try await recorded.gaps()
            let gap = try #require(gaps.last)
            #expect(gap.source == .trendlyne)
            #expect(gap.reason == .otherSource)
            #expect(gap.span.to == RecordedSession.session.closes)
            #expect(gap.others.first?.snapshots ?? 0 > 40)
            // The recorder says the same at the end of the session.
            #expect(recorded.events.gaps.last == gap)
        }
    }
}
