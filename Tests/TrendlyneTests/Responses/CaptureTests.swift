import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Recorded responses of Trendlyne", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CaptureTests {
    func live() throws -> LiveOpenInterest {
        let bytes = try Captures.bytes("trendlyne/trendlyne-live-oi-data-NIFTY-2025-12-16-1525.json")
        let body = try Envelope.body(of: SourceResponse(contentType: "application/json", body: bytes))
        return try #require(try LiveOpenInterest(body))
    }

    func query(at: String? = nil, now: String = "2025-12-16 15:31") throws -> SnapshotRequest {
        try SnapshotRequest(symbol: .nifty, expiry: day("2025-12-16"), at: at.map(india), now: india(now))
    }

    @Test("the chain of 16 December 2025 gives the values of its index to the last digit")
    func values() throws {
        let now = india("2025-12-16 15:31")
        let snapshot = try live().snapshot(for: try query(), now: now)
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.calls == 185_473_275)
        #expect(ratio.puts == 137_574_450)
        #expect(ratio.value == 0.7417481036014488)
        let change = snapshot.putCallRatio(by: .change)
        #expect(change.calls == 38_213_100)
        #expect(change.puts == -40_649_625)
        #expect(change.value == nil)
        #expect(snapshot.maxPain == Strike(25900))
        #expect(highest(\.call, in: snapshot) == Strike(25900))
        #expect(highest(\.put, in: snapshot) == Strike(25850))
        #expect(snapshot.strikes.count == 53)
        #expect(snapshot.listedStrikes == 221)
        #expect(snapshot.lotSize == 75)
        #expect(snapshot.spot == 25860.1)
        #expect(snapshot.atTheMoney == Strike(25850))
        #expect(snapshot.provenance.asOf == india("2025-12-16 15:29:59"))
    }

    @Test("each value of the recording is a whole number of lots, so it is in shares")
    func lots() throws {
        for row in try live().rows {
            for value in [row.call?.openInterest, row.put?.openInterest, row.call?.change, row.put?.change] {
                let value = try #require(value)
                #expect(value.truncatingRemainder(dividingBy: 75) == 0)
            }
        }
    }

    @Test("the recording requested for 15:25 is stamped 15:29:59 and is rejected for 15:25")
    func lookAhead() throws {
        let query = try query(at: "2025-12-16 15:25")
        let live = try live()
        let error = #expect(throws: MarketDataError.self) {
            try live.snapshot(for: query, now: india("2025-12-16 15:31"))
        }
        #expect(error?.code == .noDataForTime)
    }

    @Test("the recorded list of expiries is read")
    func expiries() throws {
        let bytes = try Captures.bytes("trendlyne/trendlyne-get-expiry-dates-2025-12.json")
        let body = try Envelope.body(of: SourceResponse(contentType: "application/json", body: bytes))
        let list = try ListedExpiries.ofExpiryDates(body)
        #expect(list.dates == [day("2025-12-30"), day("2026-01-27"), day("2026-02-24")])
        #expect(list.standard == day("2025-12-30"))
    }

    @Test("the market filter's head, a number and lower case, is read as well")
    func marketFilter() throws {
        let bytes = try Captures.bytes("trendlyne/trendlyne-fno-market-filter-most-active-put-2025-12-25.json")
        let body = try Envelope.body(of: SourceResponse(contentType: "application/json", body: bytes))
        #expect(try body.list("tableHeaders")?.count == 20)
    }

    private func highest(_ side: KeyPath<OptionStrike, OptionData?>, in snapshot: OpenInterestSnapshot) -> Strike? {
        snapshot.strikes.max { left, right in
            (left[keyPath: side]?.openInterest ?? 0) < (right[keyPath: side]?.openInterest ?? 0)
        }?.strike
    }
}
