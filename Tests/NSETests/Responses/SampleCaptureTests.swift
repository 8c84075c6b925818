import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Shortened samples of NSE", .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
struct SampleCaptureTests {
    func value(_ name: String) throws -> JSONValue { try #require(JSONValue(parsing: Captures.bytes("nse/\(name)"))) }

    func fields(_ name: String) throws -> JSONFields {
        guard case .object(let fields) = try value(name) else { throw MarketDataError.badRequest(name) }
        return JSONFields(fields, path: "sample")
    }

    @Test("the lots of 2023 are those of the tables, for every known underlying")
    func lots() throws {
        let lots = try fields("nse-benny-fnoLots.json")
        let expiry = day("2023-10-26")
        var compared = 0
        for symbol in OptionListing.symbols where symbol.exchange == "NSE" {
            guard let size = try lots.number(symbol.ticker) else { continue }
            #expect(LotSizes.size(of: symbol, expiring: expiry) == Int(size), "\(symbol)")
            compared += 1
        }
        #expect(compared == 9)
    }

    @Test("a past contract's open interest is in shares: a multiple of the lot, dated by the exchange and not in UTC")
    func contract() throws {
        guard case .array(let rows) = try value("nse-benny-fetch_historical_fno_data.json"),
            case .object(let row)? = rows.first
        else { throw MarketDataError.badRequest("no rows") }
        let fields = JSONFields(row, path: "row")
        let lot = try #require(try fields.number("FH_MARKET_LOT"))
        let expiry = try #require(try fields.siteDate("FH_EXPIRY_DT"))
        #expect(LotSizes.size(of: Symbol(exchange: "NSE", ticker: "BANKNIFTY"), expiring: expiry) == Int(lot))
        #expect(try fields.number("FH_OPEN_INT").map { $0.truncatingRemainder(dividingBy: lot) } == 0)
        #expect(try fields.number("FH_CHANGE_IN_OI").map { $0.truncatingRemainder(dividingBy: lot) } == 0)
        #expect(try fields.siteDate("FH_TIMESTAMP") == day("2025-12-15"))
        let stamp = try Timestamp("2025-12-14T18:30:00Z", zone: nil, dateMeans: .start)
        #expect(IndianTime.date(stamp) == day("2025-12-15"))
    }

    @Test("the listed holiday is in the calendar, and the day of the market's status was a trading day")
    func days() throws {
        let holidays = try fields("nse-benny-holidays.json")
        for holiday in try #require(try holidays.objects("FO")) {
            let date = try #require(try holiday.siteDate("tradingDate"))
            #expect(!TradingCalendar.nse.isTradingDay(date))
        }
        guard case .array(let markets) = try value("nse-benny-status.json") else {
            throw MarketDataError.badRequest("no markets")
        }
        #expect(markets.count == 5)
        for case .object(let market) in markets {
            let fields = JSONFields(market, path: "market")
            #expect(TradingCalendar.nse.isTradingDay(try #require(try fields.siteDate("tradeDate"))))
            // A number, a number as text, or empty text, which is not a number.
            let last = try fields.number("last")
            #expect((last == nil) == (fields.text("last") == nil))
        }
    }

    @Test("the compiled chain's ratio is its sum of puts over its sum of calls")
    func compiled() throws {
        let chain = try fields("nse-benny-compileOptionChain.json")
        let ratio = PutCallRatio(
            puts: try chain.number("poiTotal"), calls: try chain.number("coiTotal"), basis: .openInterest)
        #expect(ratio.value.map { ($0 * 100).rounded() / 100 } == (try chain.number("pcr")))
        #expect(try chain.siteDate("expiry") == day("2023-10-26"))
        #expect(chain.text("timestamp").flatMap(SourceDate.timestamp) == india("2023-10-16 15:30"))
    }

    @Test("the expiries that NSE listed in October 2023 are those of the rules, up to the next quarter's")
    func expiries() throws {
        let records = try #require(try fields("nse-benny-optionChain.json").object("records"))
        guard let dates = try records.list("expiryDates") else { throw MarketDataError.badRequest("no dates") }
        let listed = dates.compactMap { date -> CalendarDate? in
            guard case .string(let text) = date else { return nil }
            return SourceDate.date(text)
        }
        #expect(listed.count == 18)
        let rules = try #require(OptionListing.of(.nifty)).expiries(at: india("2023-10-16 15:31"))
        #expect(Array(rules.prefix(8)) == Array(listed.prefix(8)))
    }
}
