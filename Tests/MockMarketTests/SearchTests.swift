import MarketData
import MockMarket
import Testing

@Suite("Search in the mock market")
struct SearchTests {
    private let market = MockMarket.at(Timestamp(seconds: 1_795_338_900))

    @Test("the exact ticker comes first, then those that begin with it")
    func ticker() async throws {
        let found = try await market.search(SymbolQuery(text: "nifty")).map(\.symbol.description)
        #expect(found.first == "NSE:NIFTY")
        #expect(found.contains("NSE:NIFTY1!") && found.contains("NSE:BANKNIFTY"))
    }

    @Test("descriptions are searched, and type and exchange filter, in any case")
    func filters() async throws {
        #expect(try await market.search(SymbolQuery(text: "state bank")).map(\.symbol.ticker) == ["SBIN"])
        let futures = try await market.search(SymbolQuery(text: "nifty", type: "Futures")).map(\.symbol.ticker)
        #expect(Set(futures) == ["NIFTY1!", "BANKNIFTY1!"])
        let bse = try await market.search(SymbolQuery(text: "", exchange: "bse")).map(\.symbol.ticker)
        #expect(Set(bse) == ["SENSEX", "BANKEX"])
    }

    @Test("returns no more than the limit, and nothing where nothing matches")
    func limits() async throws {
        #expect(try await market.search(SymbolQuery(text: "mock", limit: 7)).count == 7)
        #expect(try await market.search(SymbolQuery(text: "mock", limit: -1)).isEmpty)
        #expect(try await market.search(SymbolQuery(text: "zzz")).isEmpty)
    }
}
