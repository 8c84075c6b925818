import Foundation
import MarketData
import MarketHub
import MarketStore
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Open interest as of any moment")
struct AsOfTests {
    private func request(_ moment: Timestamp?) -> OpenInterestRequest {
        OpenInterestRequest(symbol: .nifty, expiry: SteppingSource.expiry, at: moment)
    }

    private func code(_ work: () async throws -> OpenInterestSnapshot) async -> MarketDataError.Code? {
        do {
            _ = try await work()
            return nil
        } catch { return (error as? MarketDataError)?.code }
    }

    @Test("no response uses a later snapshot (1,000 random instants)", arguments: [1, 2] as [UInt64])
    func neverLater(seed: UInt64) async throws {
        try await withTemporaryFolder { folder in
            var faults = SteppingSource.Faults()
            faults.refusals = [RecordedSession.minutes(200, 220)]
            faults.hasThePast = false
            let recorded = RecordedSession(faults: faults, folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(320))
            let hub = try recorded.hubWithMemory()
            let known = try await recorded.stored().map(\.provenance.asOf)
            var random = SeededGenerator(seed: seed)
            var responses = 0
            for _ in 0..<1_000 {
                let second = Int64.random(in: -3_600...22_000, using: &random)
                let moment = RecordedSession.session.opens.advanced(bySeconds: second)
                guard let response = try? await hub.openInterest(request(moment)) else { continue }
                responses += 1
                #expect(response.provenance.asOf <= moment)
                #expect(response.provenance.asOf == known.last { $0 <= moment })
                #expect(response.provenance.source == .store)
            }
            #expect(responses > 800)
        }
    }

    @Test("a moment without a recent snapshot is no_data_for_time and names the newest one")
    func tooOld() async throws {
        try await withTemporaryFolder { folder in
            var faults = SteppingSource.Faults()
            faults.hasThePast = false
            let recorded = RecordedSession(faults: faults, folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(30))
            recorded.clock.now = RecordedSession.minute(120)
            let hub = try recorded.hubWithMemory()
            #expect(
                try await hub.openInterest(request(RecordedSession.minute(41))).provenance.asOf
                    < RecordedSession.minute(31))
            do {
                _ = try await hub.openInterest(request(RecordedSession.minute(60)))
                Issue.record("a response half an hour old was returned")
            } catch let error as MarketDataError {
                #expect(error.code == .noDataForTime)
                #expect(error.message.contains("too old"))
            }
        }
    }

    @Test("today's snapshots are fetched and stored where the store has none")
    func fetchedToday() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            recorded.clock.now = RecordedSession.minute(120)
            let hub = try recorded.hubWithMemory()
            let first = try await hub.openInterest(request(RecordedSession.minute(61)))
            #expect(first.provenance.source == .trendlyne)
            #expect(first.provenance.asOf == RecordedSession.minute(60))
            let again = try await hub.openInterest(request(RecordedSession.minute(62)))
            #expect(again.provenance.source == .store)
            #expect(again.provenance.feed == "trendlyne live-oi-data")
            #expect(again.provenance.mode == .recorded)
            #expect(again.strikes == first.strikes)
            #expect(recorded.source.requests.count == 1)
        }
    }

    @Test("with the source down, the past comes from the store and the present is an error")
    func away() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(60))
            recorded.source.faults.isDown = true
            let hub = try recorded.hubWithMemory()
            #expect(await code { try await hub.openInterest(request(nil)) } == .upstreamUnavailable)
            let past = try await hub.openInterest(request(RecordedSession.minute(40)))
            #expect(past.provenance.asOf == RecordedSession.minute(39))
            let history = try await hub.openInterestHistory(
                of: .nifty, expiry: nil, within: RecordedSession.minutes(0, 60))
            #expect(history.map(\.provenance.asOf) == (0..<20).map { RecordedSession.minute($0 * 3) })
            #expect(history.allSatisfy { $0.provenance.source == .store })
        }
    }

    @Test("contracts that have expired come from the store")
    func expired() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(30))
            recorded.clock.now = RecordedSession.minute(60 * 24 * 30)
            recorded.source.faults.isDown = true
            let hub = try recorded.hubWithMemory()
            #expect(
                try await hub.openInterest(request(RecordedSession.minute(20))).provenance.asOf
                    == RecordedSession.minute(18))
            let history = try await hub.openInterestHistory(
                of: .nifty, expiry: SteppingSource.expiry, within: RecordedSession.wholeDay)
            #expect(history.count > 9)
        }
    }

    @Test("expiries of a past session are those that the store has open interest of then")
    func expiries() async throws {
        try await withTemporaryFolder { folder in
            let recorded = RecordedSession(folder: folder)
            try await recorded.record(from: RecordedSession.minute(-10), until: RecordedSession.minute(30))
            let hub = try recorded.hubWithMemory()
            let present = try await hub.expiries(of: .nifty, at: RecordedSession.minute(20))
            #expect(present.provenance.source == .trendlyne)
            recorded.clock.now = RecordedSession.minute(60 * 24 * 30)
            let past = try await hub.expiries(of: .nifty, at: RecordedSession.minute(20))
            #expect(past.expiries == [SteppingSource.expiry])
            #expect(past.standard == SteppingSource.expiry)
            #expect(past.provenance.source == .store)
            #expect(past.provenance.feed == "trendlyne")
            #expect(past.provenance.mode == .recorded)
            #expect(past.provenance.asOf == RecordedSession.minute(18))
            for minute in [-3_000, 120] {
                let error = await #expect(throws: MarketDataError.self) {
                    try await hub.expiries(of: .nifty, at: RecordedSession.minute(minute))
                }
                #expect(error?.code == .noDataForTime)
                #expect(error?.message.contains("the store has no open interest of NSE:NIFTY") == true)
            }
        }
    }

    @Test("the close of the day before is not returned for a moment after the opening")
    func yesterday() async throws {
        let rule = AsOfRule(calendar: RecordedSession.calendar)
        let before = RecordedSession.session.opens.advanced(bySeconds: -1)
        #expect(rule.verdict(on: before, at: RecordedSession.minute(1)) == .old)
        let close = RecordedSession.session.closes
        #expect(rule.verdict(on: close, at: close.advanced(bySeconds: 50_000)) == .newest)
        #expect(rule.verdict(on: close.advanced(bySeconds: -600), at: close.advanced(bySeconds: 50_000)) == .young)
        #expect(rule.verdict(on: close, at: close.advanced(bySeconds: -1)) == .later)
    }
}

@Suite("A past moment without a store")
struct AsOfWithoutStoreTests {
    private func code(
        _ faults: SteppingSource.Faults, at moment: Timestamp, now: Timestamp
    ) async -> MarketDataError.Code? {
        let recorded = RecordedSession(faults: faults, folder: "")
        recorded.clock.now = now
        let request = OpenInterestRequest(symbol: .nifty, expiry: SteppingSource.expiry, at: moment)
        do {
            let response = try await recorded.hub().openInterest(request)
            #expect(response.provenance.asOf <= moment)
            return nil
        } catch { return (error as? MarketDataError)?.code }
    }

    @Test("a source's response is returned if it was known then and is recent")
    func young() async throws {
        let now = RecordedSession.minute(120)
        #expect(await code(SteppingSource.Faults(), at: RecordedSession.minute(61), now: now) == nil)
    }

    @Test("values stamped later than the moment are not returned")
    func later() async throws {
        var faults = SteppingSource.Faults()
        faults.ignoresMoment = true
        let found = await code(faults, at: RecordedSession.minute(61), now: RecordedSession.minute(120))
        #expect(found == .noDataForTime)
    }

    @Test("values more than 15 minutes older than the moment are not returned")
    func old() async throws {
        var faults = SteppingSource.Faults()
        faults.repeats = [RecordedSession.minutes(60, 200)]
        let now = RecordedSession.minute(120)
        #expect(await code(faults, at: RecordedSession.minute(74), now: now) == nil)
        #expect(await code(faults, at: RecordedSession.minute(80), now: now) == .noDataForTime)
    }

    @Test("yesterday's close is not returned for a moment after the opening")
    func yesterday() async throws {
        var faults = SteppingSource.Faults()
        faults.ignoresMoment = true
        let opening = RecordedSession.session.opens
        let found = await code(faults, at: opening, now: opening.advanced(bySeconds: 10))
        #expect(found == .noDataForTime)
    }

    @Test("a future moment is no_data_for_time")
    func future() async throws {
        let now = RecordedSession.minute(120)
        #expect(await code(SteppingSource.Faults(), at: now.advanced(bySeconds: 60), now: now) == .noDataForTime)
    }
}
