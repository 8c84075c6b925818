import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Snapshots of responses")
struct SnapshotTests {
    let now = india("2026-11-20 10:32")

    func snapshot(
        _ text: ChainText = ChainText(), at: Timestamp? = nil, expiry: String = "2026-11-24", now: Timestamp? = nil
    ) throws -> OpenInterestSnapshot {
        let now = now ?? self.now
        let query = try SnapshotRequest(symbol: .nifty, expiry: day(expiry), at: at, now: now)
        let live = try #require(try chain(text))
        return try live.snapshot(for: query, now: now)
    }

    func code(
        _ text: ChainText = ChainText(), at: Timestamp? = nil, expiry: String = "2026-11-24", now: Timestamp? = nil
    ) -> MarketDataError? {
        do {
            _ = try snapshot(text, at: at, expiry: expiry, now: now)
            return nil
        } catch {
            return error as? MarketDataError
        }
    }

    @Test("reports unit, lot, spot, listed strikes and provenance")
    func whole() throws {
        let snapshot = try snapshot()
        #expect(snapshot.unit == .shares)
        #expect(snapshot.lotSize == 65)
        #expect(snapshot.spot == 25012.35)
        #expect(snapshot.listedStrikes == 5)
        #expect(snapshot.atTheMoney == Strike(25000))
        let expected = Provenance(
            source: .trendlyne, feed: "live-oi-data", mode: .delayed, delaySeconds: 121,
            asOf: india("2026-11-20 10:29:59")
        )
        #expect(snapshot.provenance == expected)
    }

    @Test("sums are computed, and the source's swapped totals are not used")
    func swapped() throws {
        let snapshot = try snapshot()
        let change = snapshot.putCallRatio(by: .change)
        #expect(change.calls == 5850)
        #expect(change.puts == 1300)
        #expect(change.value == 1300.0 / 5850)
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.value == 8450.0 / 9750)
    }

    @Test("price, volume and implied volatility are unknown, not zero")
    func unknown() throws {
        let snapshot = try snapshot()
        for option in snapshot.strikes.flatMap({ [$0.call, $0.put] }) {
            #expect(option?.last == nil && option?.volume == nil && option?.impliedVolatility == nil)
        }
        #expect(snapshot.putCallRatio(by: .volume).value == nil)
    }

    @Test("a strike with one side keeps the other unknown, and the ratio has a reason instead of a value")
    func oneSided() throws {
        var text = ChainText()
        text.strikes = [("25000", #"{"putOi":650.0}"#)]
        let snapshot = try snapshot(text)
        #expect(snapshot.strikes[0].call == nil)
        #expect(snapshot.putCallRatio(by: .openInterest).value == nil)
        #expect(snapshot.putCallRatio(by: .openInterest).reason != nil)
    }

    @Test("an unknown lot of a stock stays unknown")
    func lot() throws {
        let live = try #require(try chain())
        let stock = Symbol(exchange: "NSE", ticker: "SOMESTOCK")
        let query = try SnapshotRequest(symbol: stock, expiry: day("2026-11-24"), at: nil, now: now)
        #expect(try live.snapshot(for: query, now: now).lotSize == nil)
    }

    @Test("a response without strikes means no data for the time")
    func noStrikes() {
        var text = ChainText()
        text.strikes = []
        #expect(code(text)?.code == .noDataForTime)
    }

    @Test("another expiry than requested, several, or none is rejected")
    func otherExpiry() {
        #expect(code(expiry: "2026-12-01")?.code == .expiryNotListed)
        var text = ChainText()
        text.expiries = #"["2026-11-24","2026-12-01"]"#
        #expect(code(text)?.message.contains("2026-11-24, 2026-12-01") == true)
        text.expiries = "[]"
        #expect(code(text)?.code == .expiryNotListed)
    }

    @Test("an expired expiry with frozen values is an error that says so")
    func dead() {
        var text = ChainText()
        text.expiries = #"["2026-11-17"]"#
        let error = code(text, expiry: "2026-11-17")
        #expect(error?.code == .expiryNotListed)
        #expect(error?.message.contains("frozen") == true)
    }

    @Test("values of weeks ago are rejected as of now")
    func frozen() {
        var text = ChainText()
        text.expiries = #"["2026-12-29"]"#
        let error = code(text, expiry: "2026-12-29", now: india("2026-12-10 11:00"))
        #expect(error?.code == .noDataForTime)
    }

    @Test(
        "now is today's chain ten minutes after the opening, and before that or after hours the day's before",
        arguments: [
            // The chain is that of Friday 20 November 2026; Tuesday 24 November is a holiday.
            ("2026-11-20 10:32", true), ("2026-11-20 23:59", true), ("2026-11-22 23:00", true),
            ("2026-11-23 05:35", true), ("2026-11-23 09:24:59", true), ("2026-11-23 09:25", false),
            ("2026-11-23 15:41", false), ("2026-11-24 08:00", false), ("2026-11-24 12:00", false),
        ])
    func freshness(now: String, isServed: Bool) {
        let error = code(now: india(now))
        #expect((error == nil) == isServed)
        guard let error else { return }
        #expect(error.code == .noDataForTime)
        #expect(error.message.contains("2026-11-20"))
        #expect(error.message.contains("2026-11-23"))
    }

    @Test("a day newer than the calendar's is accepted: a special session on a Sunday")
    func specialSession() throws {
        var text = ChainText()
        text.tradingDate = "\"2026-11-22\""
        text.lastUpdated = "\"2026-11-22T18:29:59+05:30\""
        let snapshot = try snapshot(text, now: india("2026-11-22 18:31"))
        #expect(snapshot.provenance.asOf == india("2026-11-22 18:29:59"))
    }

    @Test("today's date over values stamped the day before is rejected as of now")
    func frozenUnderTodaysDate() {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-19T15:39:59+05:30\""
        let error = code(text)
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("frozen") == true)
    }

    @Test("now on a Sunday is the last trading day's close, with its stamp")
    func weekend() throws {
        var text = ChainText()
        text.maxTime = "\"15:40\""
        text.lastUpdated = "\"2026-11-20T15:40:00+05:30\""
        let snapshot = try snapshot(text, now: india("2026-11-22 23:00"))
        #expect(snapshot.provenance.asOf == india("2026-11-20 15:40"))
        #expect(snapshot.provenance.mode == .endOfDay)
        #expect(snapshot.provenance.delaySeconds == nil)
    }

    @Test("a requested time is accepted when day and minute agree and the stamp is not later")
    func moment() throws {
        let snapshot = try snapshot(at: india("2026-11-20 10:30"), now: india("2026-11-20 14:00"))
        #expect(snapshot.provenance.asOf == india("2026-11-20 10:29:59"))
        #expect(snapshot.provenance.mode == .delayed)
        #expect(snapshot.provenance.delaySeconds == nil)
    }

    @Test("an ignored time is an error with the time offered")
    func ignoredTime() {
        var text = ChainText()
        text.maxTime = "\"15:30\""
        let error = code(text, at: india("2026-11-20 10:30"), now: india("2026-11-20 20:00"))
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("2026-11-20 15:30 (India), stamped 2026-11-20 10:29:59") == true)
    }

    @Test("another trading day is an error")
    func otherDay() {
        #expect(code(at: india("2026-11-19 10:30"))?.code == .noDataForTime)
        #expect(code(at: india("2026-11-23 10:30"), now: india("2026-11-23 10:31"))?.code == .noDataForTime)
    }

    @Test("values stamped after the requested time are rejected")
    func lookAhead() {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-20T10:34:59+05:30\""
        let error = code(text, at: india("2026-11-20 10:30"), now: india("2026-11-20 14:00"))
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("not known then") == true)
    }

    @Test("values stamped exactly at the requested time were known then")
    func exactStamp() throws {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-20T10:30:00+05:30\""
        let moment = india("2026-11-20 10:30")
        #expect(try snapshot(text, at: moment, now: india("2026-11-20 14:00")).provenance.asOf == moment)
        text.lastUpdated = "\"2026-11-20T10:30:01+05:30\""
        #expect(code(text, at: moment, now: india("2026-11-20 14:00"))?.code == .noDataForTime)
    }

    @Test("a stamp of another day than the trading day is rejected")
    func stampOfAnotherDay() {
        var text = ChainText()
        text.lastUpdated = "\"2026-11-19T15:39:59+05:30\""
        #expect(code(text, at: india("2026-11-20 10:30"), now: india("2026-11-20 14:00"))?.code == .noDataForTime)
    }

    @Test("the close at 15:40 may be served as 15:30 by a source without later minutes")
    func formerClose() throws {
        var text = ChainText()
        text.maxTime = "\"15:30\""
        text.lastUpdated = "\"2026-11-20T15:29:59+05:30\""
        #expect(code(text, at: india("2026-11-20 18:00"), now: india("2026-11-20 20:00")) == nil)
        #expect(code(text, at: india("2026-11-20 15:20"), now: india("2026-11-20 20:00"))?.code == .noDataForTime)
    }
}
