import MarketData
import TestSupport
import Testing

@Suite("Recorded chains of NSE", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CapturedChainTests {
    @Test(
        "RELIANCE on 17 July 2025: the forward lies above the spot by the interest until expiry",
        arguments: [("31-Jul-2025", "2025-07-31"), ("28-Aug-2025", "2025-08-28")])
    func reliance(expiry: String, date: String) throws {
        let day = try #require(CalendarDate("2025-07-17"))
        let snapshot = try Captures.legacy(
            "nse-option-chain-equities-RELIANCE-2025-07-17.json", expiry: expiry,
            try #require(CalendarDate(date)), at: day
        )
        let greeks = try #require(snapshot.greeks().value)
        // Between no premium at all and twice 10 % a year.
        let premium = greeks.forward.price / 1478.7 - 1
        #expect(premium > 0 && premium < 0.2 * greeks.years, "\(greeks.forward)")
        let near = try #require(greeks.strikes.first { $0.strike.price == 1480 })
        let (call, put) = (try #require(near.call.value), try #require(near.put.value))
        #expect((15...30).contains(call.impliedVolatility), "\(call)")
        #expect(abs(call.impliedVolatility - put.impliedVolatility) < 1.5, "\(put)")
    }

    @Test("without a trade in the put at the money there is no volatility at the money")
    func atTheMoney() throws {
        let snapshot = try Captures.legacy(
            "nse-option-chain-equities-RELIANCE-2025-07-17.json", expiry: "28-Aug-2025",
            try #require(CalendarDate("2025-08-28")), at: try #require(CalendarDate("2025-07-17"))
        )
        let greeks = try #require(snapshot.greeks().value)
        #expect(greeks.atTheMoneyVolatility.reason == "the put of 1490 has no last price")
    }

    @Test("the last expiry of that day, hardly traded, has no forward, with the reason")
    func untraded() throws {
        let snapshot = try Captures.legacy(
            "nse-option-chain-equities-RELIANCE-2025-07-17.json", expiry: "30-Sep-2025",
            try #require(CalendarDate("2025-09-30")), at: try #require(CalendarDate("2025-07-17"))
        )
        #expect(snapshot.greeks().reason?.contains("have a price of both sides; 3 are needed") == true)
    }

    @Test("NIFTY on 10 July 2026: forward, volatility and walls match the chain")
    func nifty() throws {
        let snapshot = try Captures.nextAPI(
            "nse-nextapi-getOptionChainData-NIFTY-2026-07-10.json", try #require(CalendarDate("2026-07-14")),
            at: try #require(CalendarDate("2026-07-10"))
        )
        let greeks = try #require(snapshot.greeks().value)
        #expect((24_206.9...24_230).contains(greeks.forward.price), "\(greeks.forward)")
        let atTheMoney = try #require(greeks.atTheMoney)
        let (call, put) = (try #require(atTheMoney.call.value), try #require(atTheMoney.put.value))
        #expect(abs(call.impliedVolatility - put.impliedVolatility) < 0.5)
        #expect(abs(call.delta - put.delta - 1) < 0.01)
        // NSE reckons on the spot at 10 %, which puts its call below and its put above.
        let row = try #require(snapshot.strikes.first { $0.strike == atTheMoney.strike })
        let own = try #require(greeks.atTheMoneyVolatility.value)
        let theirs = [try #require(row.call?.impliedVolatility), try #require(row.put?.impliedVolatility)]
        #expect(theirs[0] < own && own < theirs[1], "\(theirs) \(own)")
        #expect(try #require(greeks.quarterDeltaSkew.value).value.magnitude < 10)
        let straddle = try #require(snapshot.straddle.value)
        #expect(straddle.strike == Strike(24_200))
        #expect(abs(straddle.price - 192.05) < 1e-9)
        let calls = snapshot.strikes.filter { $0.strike.price >= 24_206.9 }.compactMap(\.call?.openInterest).max()
        #expect(snapshot.resistance().value?.first?.size == calls)
        let known = greeks.strikes.count { $0.call.value != nil && $0.put.value != nil }
        #expect(known >= 50, "\(known) of \(greeks.strikes.count)")
        #expect(snapshot.gammaExposure(by: greeks).value != nil)
    }
}
