import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Gaps are those of one source's series")
struct SourceHolesTests {
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

    @Test("a source that falls away has a gap, whatever another one says meanwhile, which is named beside it")
    func fallsAway() {
        let trendlyne =
            SourceHolesTests.stamps(.trendlyne, stride(from: 0, through: 120, by: 3))
            + SourceHolesTests.stamps(.trendlyne, stride(from: 180, through: 375, by: 3))
        let nse = SourceHolesTests.stamps(.nse, stride(from: 122, through: 178, by: 4))
        let gaps = SourceHolesTests.gaps(trendlyne + nse, [SourceHolesTests.watch(-5, 375)])
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

    @Test("silence of an hour before another source responds is no response of that one")
    func silenceFirst() {
        let trendlyne = SourceHolesTests.stamps(.trendlyne, stride(from: 0, through: 240, by: 3))
        let nse = SourceHolesTests.stamps(.nse, stride(from: 300, through: 375, by: 3))
        let gaps = SourceHolesTests.gaps(trendlyne + nse, [SourceHolesTests.watch(-5, 375)])
        #expect(gaps.map(\.reason) == [.repeated, .otherSource])
        #expect(gaps.map(\.source) == [.trendlyne, .trendlyne])
        #expect(gaps.map(\.others.count) == [0, 1])
        #expect(gaps.last?.span.to == RecordedSession.session.closes)
    }

    @Test("the series is that of the source with the most snapshots, of equals the more trusted")
    func shown() {
        let few = SourceHolesTests.stamps(.trendlyne, [0, 3])
        let most = SourceHolesTests.stamps(.nse, stride(from: 0, through: 375, by: 3))
        #expect(SourceHolesTests.gaps(few + most, []) == [])
        #expect(SessionStamps(few + SourceHolesTests.stamps(.nse, [0, 3])).shown == .trendlyne)
        #expect(SessionStamps([]).shown == nil)
    }

    @Test(
        "while the first source is unavailable the second is kept; the gap is the first one's, and is filled on its return"
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

    @Test("a first source that stays away leaves its gap to the close, with what the second reported named in it")
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
