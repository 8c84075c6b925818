import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Recorded responses of NSE", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct CaptureTests {
    func object(_ name: String) throws -> JSONFields {
        try ResponseReading.object(
            of: SourceResponse(contentType: "application/json", body: Captures.bytes("nse/\(name)")))
    }

    func chain(_ name: String, _ generation: ChainGeneration, _ code: String, _ date: String) throws -> SiteChain {
        try generation.chain(in: object(name), code: code, expiry: day(date))
    }

    func newest() throws -> SiteChain {
        try chain("nse-nextapi-getOptionChainData-NIFTY-2026-07-10.json", .nextAPI, "NIFTY", "2026-07-14")
    }

    func legacy(_ date: String) throws -> SiteChain {
        try chain("nse-option-chain-equities-RELIANCE-2025-07-17.json", .legacy, "RELIANCE", date)
    }

    @Test("the chain of 10 July 2026 gives the values of its index, in shares of 65")
    func nextAPI() throws {
        let chain = try newest()
        let snapshot = try chain.snapshot(
            of: .nifty, lot: Lot(.nifty, of: chain), feed: "test",
            strikesOfAllExpiries: 268, now: india("2026-07-10 15:31"))
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.calls == 142_427_935)
        #expect(ratio.puts == 181_255_490)
        #expect(rounded(ratio.value) == 1.272612)
        #expect(rounded(snapshot.putCallRatio(by: .volume).value) == 0.940609)
        let change = snapshot.putCallRatio(by: .change)
        #expect(change.calls == -11_042_785)
        #expect(change.puts == 58_657_040)
        #expect(change.value == nil)
        #expect(snapshot.maxPain == Strike(24200))
        #expect(snapshot.unit == .shares)
        #expect(snapshot.lotSize == 65)
        #expect(snapshot.strikes.count == 99)
        // 268 strikes are listed over 18 expiries; how many for this one, nothing says.
        #expect(snapshot.listedStrikes == nil)
        #expect(snapshot.spot == 24206.9)
        #expect(snapshot.provenance.asOf == india("2026-07-10 15:30"))
        #expect(snapshot.provenance.mode == .endOfDay)
    }

    @Test("an implied volatility of 0 is nil, on 47 calls and 6 puts")
    func volatility() throws {
        let rows = try newest().rows
        #expect(rows.count { $0.call?.impliedVolatility == nil } == 47)
        #expect(rows.count { $0.put?.impliedVolatility == nil } == 6)
    }

    @Test("every order of the recordings is a whole number of lots, which shows that orders are in shares")
    func orders() throws {
        #expect(Lot(.nifty, of: try newest())?.size == 65)
        let reliance = Symbol(exchange: "NSE", ticker: "RELIANCE")
        #expect(Lot(reliance, of: try legacy("2025-07-31"))?.size == 500)
    }

    @Test("the legacy chain of 17 July 2025 gives the values of its index, of the nearest expiry alone")
    func legacy() throws {
        let chain = try legacy("2025-07-31")
        let reliance = Symbol(exchange: "NSE", ticker: "RELIANCE")
        let snapshot = try chain.snapshot(
            of: reliance, lot: Lot(reliance, of: chain), feed: "test",
            strikesOfAllExpiries: nil, now: india("2025-07-17 15:31")
        )
        let ratio = snapshot.putCallRatio(by: .openInterest)
        #expect(ratio.calls == 53_677_000)
        #expect(ratio.puts == 24_318_500)
        #expect(rounded(ratio.value, places: 10_000) == 0.4531)
        #expect(rounded(snapshot.putCallRatio(by: .volume).value, places: 10_000) == 0.5097)
        #expect(snapshot.maxPain == Strike(1500))
        #expect(snapshot.strikes.count == 50)
        #expect(snapshot.listedStrikes == 50)
        #expect(try legacy("2025-09-30").listedStrikes == 13)
        #expect(snapshot.provenance.asOf == india("2025-07-17 15:30"))
        #expect(try legacy("2025-08-28").rows.count + legacy("2025-09-30").rows.count == 55)
    }

    @Test("sides that the legacy chain omits stay unknown")
    func missingSides() throws {
        let rows = try legacy("2025-07-31").rows + legacy("2025-08-28").rows + legacy("2025-09-30").rows
        #expect(rows.count { $0.call == nil } == 9)
        #expect(rows.count { $0.put == nil } == 7)
    }

    @Test("the recorded dropdown lists 18 expiries and 268 strikes")
    func dropdown() throws {
        let name = "nse-nextapi-getOptionChainDropdown-NIFTY-2026-07.json"
        let listed = try ListedContracts(object(name), code: "NIFTY")
        #expect(listed.expiries.count == 18)
        #expect(listed.expiries.first == day("2026-07-14"))
        #expect(listed.expiries.last == day("2031-06-24"))
        #expect(listed.strikes == 268)
    }

    @Test("the page at the legacy address is reported as an address that is gone")
    func gone() throws {
        let page = SourceResponse(
            status: 404, contentType: "text/html",
            body: try Captures.bytes("nse/nse-legacy-404-resource-not-found.html"))
        let fault = #expect(throws: ResponseFault.self) { try ResponseReading.object(of: page) }
        #expect(fault?.kind == .addressGone)
        #expect(fault?.evidence.contains("Resource not found") == true)
    }

    @Test("the shortened sample of 2023 has fractional contracts, and its part without a stamp is invalid")
    func sample() throws {
        let object = try object("nse-benny-optionChain.json")
        let rows = try #require(try object.object("records")?.objects("data"))
        let reading = ChainRows(spelling: .legacy, code: "NIFTY", expiry: day("2023-12-28"))
        let read = try reading.read(rows, beside: [])
        #expect(read.rows.map(\.put?.openInterest) == [41.5])
        #expect(Lot(size: 50).shares(41.5) == 2075)
        let fault = #expect(throws: ChainFault.self) {
            try LegacyChain.read(object, code: "NIFTY", expiry: day("2023-12-28"))
        }
        guard case .unreadable(let field) = fault else {
            throw MarketDataError.badRequest("\(String(describing: fault))")
        }
        #expect(field.path == "response.records.timestamp")
    }

    private func rounded(_ value: Double?, places: Double = 1_000_000) -> Double? {
        value.map { ($0 * places).rounded() / places }
    }
}
