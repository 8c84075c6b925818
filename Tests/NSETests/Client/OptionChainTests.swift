import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Chains with prices from NSE")
struct OptionChainTests {
    @Test("a chain has last price, volume in shares and the site's volatility, where 0 means none")
    func chain() async throws {
        var text = ChainText()
        text.rows[0].put = ChainText.Side(last: "0", volatility: "0")
        let site = ScriptedSite([page: [withCookies], dropdown: [listed], newestChain: [.init(body: text.nextAPI)]])
        let chain = try await withClient(site) { try await $0.optionChain(of: .nifty, expiry: nil) }
        let row = try #require(chain.snapshot.strikes.first { $0.strike == Strike(25000) })
        #expect(row.call?.last == 55.5)
        #expect(row.call?.impliedVolatility == 11.25)
        #expect(row.call?.volume == 65_000)
        #expect(row.call?.priceChange == -4.25)
        #expect(row.put?.last == nil)
        #expect(row.put?.priceChange == nil)
        #expect(row.put?.impliedVolatility == nil)
        #expect(chain.sourceRatios.isEmpty)
    }

    @Test("an unlisted expiry is named, with the listed ones")
    func unlisted() async throws {
        let site = ScriptedSite([page: [withCookies], dropdown: [listed]])
        let error = try await withClient(site) { client in
            await failure { _ = try await client.optionChain(of: .nifty, expiry: day("2026-11-17")) }
        }
        #expect(error?.code == .expiryNotListed)
    }
}
