import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("The simulated Trendlyne: single contracts and chains")
struct TrendlyneContractTests {
    private func body(_ path: String, _ query: [String: String] = [:]) throws -> JSONValue {
        let simulation = try Simulation(
            configuration: SimulatorConfiguration(scenario: .exchangeHours) { CoreClient.start })
        let response = TrendlynePages(simulation: simulation).response(
            to:
                WebRequest(path: "/phoenix/api/" + path, query: query)
        )
        #expect(response.status == 200)
        let value = try #require(JSONValue(parsing: response.body))
        #expect(value["head"]?["status"] == "0")
        return try #require(value["body"])
    }

    private static let expiry = "23-nov-2026-near"

    private func option(_ side: String, at page: String = "buildup-5") throws -> [JSONValue] {
        let query = ["fno_mtype": "options", "strikePrice": "25000", "option_type": side]
        let body = try body("fno/\(page)/\(Self.expiry)/NIFTY/", query)
        #expect(body["tableData"]?.array?.count == body["data_v2"]?.array?.count)
        return try #require(body["data_v2"]?.array)
    }

    @Test("the intervals of an option are the day's finished ones, the newest first")
    func intervals() throws {
        let rows = try option("call")
        #expect(rows.count == 15)
        #expect(rows.first?["interval"] == "10:25 TO 10:30")
        #expect(rows.last?["interval"] == "09:15 TO 09:20")
        #expect(
            try option("put", at: "buildup-15").map { $0["interval"] } == [
                "10:15 TO 10:30", "10:00 TO 10:15", "09:45 TO 10:00", "09:30 TO 09:45", "09:15 TO 09:30",
            ])
        for (later, earlier) in zip(rows, rows.dropFirst()) {
            let change = try #require(later["oi"]?.double) - (try #require(earlier["oi"]?.double))
            #expect(later["oi_change_gross"]?.double == change)
        }
        #expect(rows.last?["oi_change_gross"] == .null)
    }

    @Test(
        "open interest at the end of an interval equals the snapshot of that minute", arguments: ["call", "put"])
    func agreement(side: String) throws {
        let row = try #require(try option(side).dropFirst(2).first)
        #expect(row["interval"] == "10:15 TO 10:20")
        let snapshot = try body(
            "live-oi-data/",
            [
                "stockId": "1887", "expDateList": "2026-11-23", "minTime": "09:15", "maxTime": "10:20",
                "minStrikePrice": "25000", "maxStrikePrice": "25000",
            ])
        #expect(snapshot["oiData"]?.object?.keys.sorted() == ["25000"])
        #expect(snapshot["inputData"]?["minStrikePrice"] == "25000")
        #expect(row["oi"]?.double == snapshot["oiData"]?["25000"]?["\(side)Oi"]?.double)
        #expect((row["close_price"]?.double ?? 0) > 0)
    }

    @Test("the intervals of a future have its prices, and an unlisted contract has none")
    func futures() throws {
        let rows = try body("fno/buildup-5/\(Self.expiry)/NIFTY/", ["fno_mtype": "futures"])["data_v2"]?.array ?? []
        #expect(rows.count == 15)
        #expect(rows.allSatisfy { ($0["close_price"]?.double ?? 0) > 10_000 && ($0["oi"]?.double ?? 0) > 0 })
        let unlisted = try body("fno/buildup-5/24-nov-2026-near/NIFTY/", ["fno_mtype": "futures"])
        #expect(unlisted["data_v2"] == [])
    }

    @Test("the chain names its columns, and its open interest equals the snapshot's")
    func chain() throws {
        let body = try body("fno/option/chain/", ["stockCode": "NIFTY", "expDate": "2026-11-23"])
        let names = try #require(body["tableHeaders"]?.array?.compactMap { $0["unique_name"]?.string })
        #expect(names.count == 35)
        let (strike, calls, puts) = try (
            #require(names.firstIndex(of: "strike_price")), #require(names.firstIndex(of: "open_interest_call")),
            #require(names.firstIndex(of: "open_interest_put"))
        )
        let rows = try #require(body["tableData"]?.array?.compactMap { $0.array })
        #expect(rows.allSatisfy { $0.count == 35 })
        let snapshot = try self.body(
            "live-oi-data/",
            ["stockId": "1887", "expDateList": "2026-11-23", "minStrikePrice": "1", "maxStrikePrice": "99999"])
        #expect(rows.count == snapshot["oiData"]?.object?.count)
        for row in rows {
            let reported = snapshot["oiData"]?["\(row[strike].integer ?? 0)"]
            #expect(row[calls].double == reported?["callOi"]?.double)
            #expect(row[puts].double == reported?["putOi"]?.double)
        }
        let ratio = try #require(snapshot["overallData"]?["totalPCR"]?.double)
        #expect(abs((body["expiryLevelPCRValues"]?["pcr_oi"]?.double ?? 0) - ratio) < 0.0001)
        #expect(body["atTheMoney"] == snapshot["overallData"]?["atm"])
        #expect(body["stockLevelData"]?["stockCurrentPrice"] == snapshot["overallData"]?["spotPrice"])
        #expect((body["maxPain"]?.double ?? 0) > 0)
    }

    @Test("the greeks have the right signs, and delta lies between 0 and 1")
    func greeks() throws {
        let body = try body("fno/option/chain/", ["stockCode": "NIFTY", "expDate": "2026-12-29"])
        let names = try #require(body["tableHeaders"]?.array?.compactMap { $0["unique_name"]?.string })
        let rows = try #require(body["tableData"]?.array?.compactMap { $0.array })
        func column(_ name: String) throws -> [Double] {
            let place = try #require(names.firstIndex(of: name))
            return rows.compactMap { $0[place].double }
        }
        #expect(try column("delta_calc_call").allSatisfy { (0...1).contains($0) })
        #expect(try column("delta_calc_put").allSatisfy { (-1...0).contains($0) })
        #expect(try column("gamma_calc_call").allSatisfy { $0 >= 0 })
        #expect(try column("theta_calc_call").allSatisfy { $0 < 0 })
        for (call, put) in try zip(column("delta_calc_call"), column("delta_calc_put")) {
            #expect(abs(call - put - 1) < 0.0003)
        }
    }

    @Test("a chain of an unlisted expiry has headers and no rows")
    func unlistedChain() throws {
        let body = try body("fno/option/chain/", ["stockCode": "NIFTY", "expDate": "2026-11-25"])
        #expect(body["tableData"] == [])
        #expect(body["maxPain"] == .null)
    }

    @Test("futures have the next three monthly expiries")
    func futuresExpiries() throws {
        let body = try body("fno/get-expiry-dates/", ["mtype": "futures", "stock_id": "1887"])
        #expect(body["expiryDates"] == ["2026-11-23", "2026-12-29", "2027-01-25"])
    }
}
