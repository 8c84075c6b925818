import MarketData
import MarketHistory
import MarketHub
import Testing
import Trendlyne
import UpstreamSimulator

@Suite("Recording a session of open interest from a simulated Trendlyne over a socket", .serialized)
struct SimulatedSessionTests {
    /// The stamps that the source reports: a second before each step of three minutes.
    private func truth(_ simulator: UpstreamSimulator) -> [Timestamp: OpenInterestSnapshot] {
        let session = SimulatedSession.session
        let reported = simulator.openInterest(
            of: SimulatedSession.nifty, expiry: SimulatedSession.expiry,
            within: TimeRange(from: session.opens, to: session.closes))
        return Dictionary(reported.map { ($0.provenance.asOf.advanced(bySeconds: -1), $0) }) { $1 }
    }

    /// Whether every value of a snapshot is the source's at that stamp.
    private func isTrue(_ snapshot: OpenInterestSnapshot, _ truth: [Timestamp: OpenInterestSnapshot]) -> Bool {
        guard let reported = truth[snapshot.provenance.asOf], !snapshot.strikes.isEmpty else { return false }
        let rows = Dictionary(reported.strikes.map { ($0.strike, $0) }) { $1 }
        return snapshot.strikes.allSatisfy { row in
            row.call?.openInterest == rows[row.strike]?.call?.openInterest
                && row.put?.openInterest == rows[row.strike]?.put?.openInterest
        }
    }

    private func recordWithTwoKills(_ session: SimulatedSession, _ plan: RecordingPlan) async throws {
        try await session.record(from: -5, until: 75, plan)
        try await session.record(from: 86, until: 225, plan)
        try await session.record(from: 245, until: 400, plan)
    }

    @Test("after refusals, repeats, wrong times and two kills the store has exactly the distinct snapshots, in order")
    func wholeSession() async throws {
        try await SimulatedSession.play { session, simulator in
            try await recordWithTwoKills(session, RecordingPlan(symbols: [SimulatedSession.nifty]))
            let truth = truth(simulator)
            let stored = try await session.stored()
            let expected = truth.keys.filter { $0 >= SimulatedSession.session.opens }.sorted()
            #expect(stored.map(\.provenance.asOf) == expected)
            #expect(stored.allSatisfy { isTrue($0, truth) })
            let reasons = session.events.all.compactMap { if case .gap(_, let gap) = $0 { gap.reason } else { nil } }
            #expect(reasons.contains(.refused) && reasons.contains(.notRunning), "\(reasons)")
            #expect(try await session.gaps() == [])
        }
    }

    @Test("without filling, each gap stays and is reported with its reason: recorder off, or source refused")
    func gaps() async throws {
        try await SimulatedSession.play { session, simulator in
            let plan = RecordingPlan(symbols: [SimulatedSession.nifty], fillsGaps: false)
            try await recordWithTwoKills(session, plan)
            let truth = truth(simulator)
            let stored = try await session.stored()
            #expect(stored.allSatisfy { isTrue($0, truth) })
            #expect(stored.map(\.provenance.asOf) == Set(stored.map(\.provenance.asOf)).sorted())
            let long = try await session.gaps(longerThan: 400)
            #expect(long.map(\.reason) == [.notRunning, .refused, .notRunning], "\(long)")
            let gaps = try await session.gaps()
            for stamp in truth.keys where stamp >= SimulatedSession.session.opens {
                let isStored = stored.contains { $0.provenance.asOf == stamp }
                #expect(isStored || gaps.contains { $0.span.contains(stamp) }, "\(stamp)")
            }
        }
    }
}
