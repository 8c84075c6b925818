import Foundation
import MarketData
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("A session of 375 minutes is recorded")
struct RecordedSessionTests {
    /// Two minutes of repeats beyond a refresh, a wrong time, a refusal of 20 minutes, and two restarts.
    private static var faults: SteppingSource.Faults {
        var faults = SteppingSource.Faults()
        faults.repeats = [RecordedSession.minutes(60, 69)]
        faults.wrongTimes = [RecordedSession.minutes(100, 106)]
        faults.refusals = [RecordedSession.minutes(200, 220)]
        return faults
    }

    private func recordWithTwoKills(_ recorded: RecordedSession) async throws {
        try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(130))
        try await recorded.record(from: RecordedSession.minute(141), until: RecordedSession.minute(300))
        try await recorded.record(from: RecordedSession.minute(301), until: RecordedSession.minute(400))
    }

    @Test("a session without faults has every stamp once, in order, with few extra requests")
    func untroubled() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(400))
            let stored = try await recorded.stored().filter { $0.provenance.asOf >= RecordedSession.session.opens }
            #expect(stored.map(\.provenance.asOf) == recorded.source.stamps)
            #expect(recorded.source.requests.count < 150)
            #expect(try await recorded.gaps() == [])
        }
    }

    @Test("repeats, wrong times, refusals and two kills leave the distinct snapshots in order")
    func troubled() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(faults: RecordedSessionTests.faults, folder: folder)
            try await recordWithTwoKills(recorded)
            let stored = try await recorded.stored().filter { $0.provenance.asOf >= RecordedSession.session.opens }
            // The source responds for earlier moments, so all that it ever reported is there.
            #expect(stored.map(\.provenance.asOf) == recorded.source.stamps)
            for (step, snapshot) in stored.enumerated() {
                #expect(snapshot.strikes.first?.call?.openInterest == Double(step + 1) * 65)
            }
            let reasons = recorded.events.gaps.map(\.reason)
            #expect(reasons.contains(.refused))
            #expect(reasons.contains(.notRunning))
            #expect(reasons.contains(.repeated))
            #expect(try await recorded.gaps() == [])
            #expect(recorded.source.requests.count < 380)
        }
    }

    @Test("gaps stay, with their reason, if the source serves no past")
    func lastingGaps() async throws {
        try await withTemporaryFolder { folder in
            var faults = RecordedSessionTests.faults
            faults.hasThePast = false
            let recorded = RecordedSession(faults: faults, folder: folder)
            try await recordWithTwoKills(recorded)
            let stored = try await recorded.stored().filter { $0.provenance.asOf >= RecordedSession.session.opens }
            let seen = Set(stored.map(\.provenance.asOf))
            #expect(seen.isSubset(of: recorded.source.stamps))
            #expect(stored.map(\.provenance.asOf) == seen.sorted())
            let gaps = try await recorded.gaps()
            #expect(gaps.map(\.reason) == [.repeated, .otherTime, .notRunning, .refused], "\(gaps)")
            let refused = try #require(gaps.last)
            #expect(refused.span.from <= RecordedSession.minute(201) && refused.span.from > RecordedSession.minute(194))
            #expect(refused.span.to >= RecordedSession.minute(218) && refused.span.to < RecordedSession.minute(224))
            // Whatever is not in a gap is there.
            for stamp in recorded.source.stamps where !gaps.contains(where: { $0.span.contains(stamp) }) {
                #expect(seen.contains(stamp), "\(stamp)")
            }
        }
    }

    @Test("a source that keeps refusing with a retry after one second gets fewer requests")
    func refusedForAMoment() async throws {
        try await withTemporaryFolder { folder in
            var faults = SteppingSource.Faults()
            faults.refusals = [RecordedSession.minutes(200, 220)]
            faults.refusalSeconds = 1
            let recorded = RecordedSession(faults: faults, folder: folder)
            try await recorded.record(from: RecordedSession.minute(190), until: RecordedSession.minute(230))
            let pauses = recorded.events.all.count { if case .paused = $0 { true } else { false } }
            #expect((3...15).contains(pauses), "\(pauses)")
        }
    }

    @Test("a recorder that starts at noon fills the morning")
    func morning() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            try await recorded.record(from: RecordedSession.minute(180), until: RecordedSession.minute(200))
            let stored = try await recorded.stored().map(\.provenance.asOf)
            #expect(
                Array(stored.drop { $0 < RecordedSession.session.opens }) == Array(recorded.source.stamps.prefix(67)))
        }
    }

    @Test("a budget of fewer requests than refreshes lasts through the session")
    func budget() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            let plan = RecordingPlan(symbols: [.nifty], dailyRequests: 60)
            try await recorded.record(
                from: RecordedSession.minute(-10), until: RecordedSession.minute(400), plan: plan)
            #expect(recorded.source.requests.count <= 60)
            let last = try #require(try await recorded.stored().last)
            #expect(last.provenance.asOf > RecordedSession.minute(355))
        }
    }
}
