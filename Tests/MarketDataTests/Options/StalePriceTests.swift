import MarketData
import Testing

@Suite("Prices of an earlier day")
struct StalePriceTests {
    @Test("an option that was not traded today has no greeks, and its price is marked as older")
    func noGreeks() throws {
        let snapshot = ModelChain().snapshot { row in
            row.call?.volume = row.strike.price == 25_300 ? 0 : 650
        }
        let greeks = try #require(snapshot.greeks().value)
        let row = try #require(greeks.strikes.first { $0.strike.price == 25_300 })
        let price = try #require(snapshot.strikes.first { $0.strike.price == 25_300 }?.call?.last)
        #expect(
            row.call.reason
                == "the call of 25300 was not traded today: its last price, \(price.shortest), is of an earlier day")
        #expect(row.put.value != nil)
    }

    @Test("prices of an earlier day give no forward")
    func noForward() throws {
        let snapshot = ModelChain().snapshot { row in
            row.put?.volume = abs(row.strike.price - 25_000) < 350 ? 0 : 650
        }
        #expect(snapshot.greeks().reason?.contains("0 have a price of both sides") == true)
    }

    @Test("a straddle with a leg that was not traded today has no price")
    func noStraddle() throws {
        let snapshot = ModelChain().snapshot { row in
            if row.strike.price == 25_000 { row.put?.volume = 0 }
        }
        let reason = try #require(snapshot.straddle.reason)
        #expect(reason.hasPrefix("the put of 25000, at the money, was not traded today"))
        #expect(snapshot.expectedMoveByStraddle.reason == reason)
    }

    @Test("without a known volume the last price counts")
    func unknownVolume() throws {
        let snapshot = ModelChain().snapshot()
        #expect(snapshot.strikes.allSatisfy { $0.call?.volume == nil })
        #expect(snapshot.straddle.value != nil)
        let row = try #require(snapshot.strikes.first)
        #expect(row.price(of: .call).value == row.call?.last)
    }
}
