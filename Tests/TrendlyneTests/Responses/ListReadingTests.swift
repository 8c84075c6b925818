import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Lists of stocks and expiries")
struct ListReadingTests {
    @Test("results are read under either spelling of their keys, and those without id or code are skipped")
    func stocks() throws {
        let list = try TrendlyneStock.list(
            body(
                """
                {"data":[{"stock_id":7,"stock_code":"ABC","name":"A"},{"stockId":"8","symbol":"DEF"},
                {"stock_code":"NOID"},{"stock_id":9},{"stock_id":0,"stock_code":"ZERO"},"odd"]}
                """))
        #expect(list == [TrendlyneStock(id: 7, code: "ABC"), TrendlyneStock(id: 8, code: "DEF")])
    }

    @Test("a search without results is an empty list, and one whose data are not a list is invalid")
    func noStocks() throws {
        #expect(try TrendlyneStock.list(body(#"{"data":[]}"#)) == [])
        #expect(try TrendlyneStock.list(body("{}")) == [])
        #expect(throws: UnreadableField("body.data", "expected a list, found 'none'")) {
            try TrendlyneStock.list(body(#"{"data":"none"}"#))
        }
    }

    @Test("expiries are in order, each once, with the default one")
    func expiries() throws {
        let list = try ListedExpiries.ofExpiryDates(
            body(
                """
                {"expiryDates":["2026-12-29","2026-11-24","2026-12-29"],"default_expiry_date":"2026-11-24","exchange":"NSE"}
                """))
        #expect(list.dates == [day("2026-11-24"), day("2026-12-29")])
        #expect(list.standard == day("2026-11-24"))
    }

    @Test("a first expiry that is not listed is ignored")
    func unlistedStandard() throws {
        let text = #"{"expiryDates":["2026-12-29"],"default_expiry_date":"2026-11-24"}"#
        #expect(try ListedExpiries.ofExpiryDates(body(text)).standard == nil)
    }

    @Test("the other endpoint's list is under data")
    func contractSearch() throws {
        let list = try ListedExpiries.ofContractSearch(body(#"{"data":{"all_exp_list":["2026-11-24"]}}"#))
        #expect(list.dates == [day("2026-11-24")])
        #expect(throws: UnreadableField.self) { try ListedExpiries.ofContractSearch(body(#"{"data":{}}"#)) }
    }

    @Test("an invalid expiry date is named")
    func oddDate() {
        #expect(throws: UnreadableField("body.expiryDates", "expected dates such as 2026-01-27, found '24-Nov-2026'")) {
            try ListedExpiries.ofExpiryDates(body(#"{"expiryDates":["24-Nov-2026"]}"#))
        }
    }
}
