import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Times in the source's format")
struct SnapshotRequestTests {
    func query(at: String? = nil, now: String) throws -> SnapshotRequest {
        try SnapshotRequest(
            symbol: .nifty, expiry: day("2026-11-24"), at: at.map(india), now: india(now)
        )
    }

    @Test(
        "now is the minute of the session, or its close while the market is closed",
        arguments: [
            ("2026-11-20 10:31:45", "2026-11-20 10:31"),
            ("2026-11-20 15:39", "2026-11-20 15:39"),
            ("2026-11-20 19:00", "2026-11-20 15:40"),
            ("2026-11-22 12:00", "2026-11-20 15:40"),
            ("2026-11-23 09:14:59", "2026-11-20 15:40"),
            ("2026-11-23 09:15", "2026-11-23 09:15"),
            ("2026-11-24 11:00", "2026-11-23 15:40"),
            ("2026-07-31 19:00", "2026-07-31 15:30"),
        ])
    func now(now: String, expected: String) throws {
        let query = try query(now: now)
        #expect("\(query.tradingDate) \(query.maxTime)" == expected)
        #expect(query.minTime == ClockTime(hour: 9, minute: 15))
    }

    @Test("a future time has no data")
    func future() {
        #expect(
            throws: MarketDataError.inFuture(
                india("2026-11-20 11:30"), now: india("2026-11-20 10:30"), source: .trendlyne)
        ) {
            try query(at: "2026-11-20 11:30", now: "2026-11-20 10:30")
        }
    }

    @Test("one step earlier is five minutes, and there is none before the opening")
    func earlier() throws {
        let earlier = try query(at: "2026-11-20 10:30", now: "2026-11-20 14:00").oneStepEarlier
        #expect(earlier?.maxTime == ClockTime(hour: 10, minute: 25))
        #expect(earlier?.at == india("2026-11-20 10:30"))
        #expect(earlier?.words == "2026-11-20 10:30 (India)")
        #expect(try query(at: "2026-11-20 09:17", now: "2026-11-20 14:00").oneStepEarlier == nil)
    }
}
