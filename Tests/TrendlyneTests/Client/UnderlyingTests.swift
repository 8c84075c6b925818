import MarketData
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Trendlyne's names of symbols")
struct UnderlyingTests {
    @Test(
        "the three large indices have known numbers",
        arguments: [("NIFTY", 1887), ("BANKNIFTY", 1898), ("FINNIFTY", 1900)])
    func known(ticker: String, id: Int) throws {
        #expect(try Underlying(Symbol(exchange: "NSE", ticker: ticker)).known?.id == id)
    }

    @Test("only the exact code matches, in any case, and never the first result")
    func match() throws {
        let hits = [
            TrendlyneStock(id: 1, code: "ABCBEES"), TrendlyneStock(id: 2, code: "ABC200"),
            TrendlyneStock(id: 3, code: "abc"),
        ]
        let underlying = try Underlying(Symbol(exchange: "NSE", ticker: "ABC"))
        #expect(underlying.known == nil)
        #expect(underlying.match(in: hits)?.id == 3)
        #expect(underlying.match(in: Array(hits.dropLast())) == nil)
    }

    @Test("the underscore of chart symbols means & or -")
    func spellings() throws {
        #expect(try Underlying(Symbol(exchange: "NSE", ticker: "M_M")).codes == ["M&M", "M-M", "M_M"])
        let auto = try Underlying(Symbol(exchange: "NSE", ticker: "BAJAJ_AUTO"))
        #expect(auto.match(in: [TrendlyneStock(id: 4, code: "BAJAJ-AUTO")])?.id == 4)
    }

    @Test(
        "an instrument without options is rejected with the reason",
        arguments: [("BSE", "SENSEX"), ("NASDAQ", "AAPL"), ("NSE", "NIFTY1!"), ("NSE", "INDIAVIX")])
    func refused(exchange: String, ticker: String) {
        let error = #expect(throws: MarketDataError.self) { try Underlying(Symbol(exchange: exchange, ticker: ticker)) }
        #expect(error?.code == .notSupported)
        #expect(error?.source == .trendlyne)
        #expect(error?.message.contains("\(exchange):\(ticker)") == true)
    }

    @Test("addresses have their parameters escaped, and one slash after the base")
    func addresses() throws {
        let url = Endpoint.stockSearch("M&M").url(below: "http://127.0.0.1:9/")
        #expect(url == "http://127.0.0.1:9/phoenix/api/search-contract-stock/?query=m%26m&format=json")
        let live = Endpoint.liveOpenInterest(stock: 1887, try query())
        #expect(
            live.url(below: "https://h")
                == "https://h/phoenix/api/live-oi-data/?stockId=1887&expDateList=2026-11-24&minTime=09:15&maxTime=10:05&format=json"
        )
    }

    private func query() throws -> SnapshotRequest {
        let now = india("2026-11-20 10:05")
        return try SnapshotRequest(symbol: .nifty, expiry: day("2026-11-24"), at: nil, now: now)
    }
}
