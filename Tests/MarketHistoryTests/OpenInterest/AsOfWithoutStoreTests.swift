import MarketData
import MarketHub
import TestSupport
import Testing

@testable import MarketHistory

@Suite("A past moment without a store")
struct AsOfWithoutStoreTests {
    private func code(
        _ faults: SteppingSource.Faults, at moment: Timestamp, now: Timestamp
    ) async -> MarketDataError.Code? {
        let recorded = RecordedSession(faults: faults, folder: "")
        recorded.clock.now = now
        let request = OpenInterestRequest(symbol: .nifty, expiry: SteppingSource.expiry, at: moment)
        do {
            let answer = try await recorded.hub().openInterest(request)
            #expect(answer.provenance.asOf <= moment)
            return nil
        } catch { return (error as? MarketDataError)?.code }
    }

    @Test("the source's answer is given where it was known then and is young enough")
    func young() async throws {
        let now = RecordedSession.minute(120)
        #expect(await code(SteppingSource.Faults(), at: RecordedSession.minute(61), now: now) == nil)
    }

    @Test("figures stamped later than the moment are no answer")
    func later() async throws {
        var faults = SteppingSource.Faults()
        faults.ignoresMoment = true
        let found = await code(faults, at: RecordedSession.minute(61), now: RecordedSession.minute(120))
        #expect(found == .noDataForTime)
    }

    @Test("figures more than 15 minutes older than the moment are no answer")
    func old() async throws {
        var faults = SteppingSource.Faults()
        faults.repeats = [RecordedSession.minutes(60, 200)]
        let now = RecordedSession.minute(120)
        #expect(await code(faults, at: RecordedSession.minute(74), now: now) == nil)
        #expect(await code(faults, at: RecordedSession.minute(80), now: now) == .noDataForTime)
    }

    @Test("yesterday's close is no answer for a moment after the opening")
    func yesterday() async throws {
        var faults = SteppingSource.Faults()
        faults.ignoresMoment = true
        let opening = RecordedSession.session.opens
        let found = await code(faults, at: opening, now: opening.advanced(bySeconds: 10))
        #expect(found == .noDataForTime)
    }

    @Test("a moment to come is no_data_for_time")
    func future() async throws {
        let now = RecordedSession.minute(120)
        #expect(await code(SteppingSource.Faults(), at: now.advanced(bySeconds: 60), now: now) == .noDataForTime)
    }
}
