import JSON
import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("The simulated Trendlyne")
struct TrendlyneTests {
    private func response(
        _ path: String, _ query: [String: String] = [:], faults: Set<Fault> = [], scenario: Scenario = .live,
        at now: Timestamp = CoreClient.start
    ) throws -> WebResponse {
        var configuration = SimulatorConfiguration(scenario: scenario) { now }
        configuration.faults = faults
        let pages = TrendlynePages(simulation: try Simulation(configuration: configuration))
        return pages.response(to: WebRequest(path: "/phoenix/api/" + path, query: query))
    }

    private func body(_ response: WebResponse) throws -> JSONValue {
        let value = try #require(JSONValue(parsing: response.body))
        #expect(value["head"]?["status"] == "0")
        return try #require(value["body"])
    }

    private static let request = [
        "stockId": "1887", "expDateList": "2026-11-23", "minTime": "09:15", "maxTime": "10:20", "format": "json",
    ]

    private func snapshot(
        _ changes: [String: String] = [:], faults: Set<Fault> = [], scenario: Scenario = .live,
        at now: Timestamp = CoreClient.start
    ) throws -> JSONValue {
        let query = Self.request.merging(changes) { $1 }
        return try body(response("live-oi-data/", query, faults: faults, scenario: scenario, at: now))
    }

    @Test("stocks are found by part of their name, the exact one not first")
    func stocks() throws {
        let found = try body(response("search-contract-stock/", ["query": "nifty"]))["data"]?.array ?? []
        #expect(found.first?["stock_code"] != "NIFTY")
        let ids = found.map { ($0["stock_code"]?.string ?? "", $0["stock_id"]?.integer ?? 0) }
        #expect(ids.contains { $0 == ("NIFTY", 1887) })
        #expect(ids.contains { $0 == ("BANKNIFTY", 1898) })
        #expect(ids.contains { $0 == ("FINNIFTY", 1900) })
    }

    @Test("both lists of expiries agree")
    func expiries() throws {
        let first = try body(response("fno/get-expiry-dates/", ["mtype": "options", "stock_id": "1887"]))
        let second = try body(response("search-contract-expiry-dates/", ["stock_pk": "1887"]))
        #expect(first["expiryDates"]?.array?.isEmpty == false)
        #expect(first["expiryDates"] == second["data"]?["all_exp_list"])
        #expect(first["default_expiry_date"] == first["expiryDates"]?.array?.first)
    }

    @Test("the totals are those of the strikes shown, with the two changes swapped")
    func swappedTotals() throws {
        let body = try snapshot()
        let rows = body["oiData"]?.object ?? [:]
        func sum(_ key: String) -> Double { rows.values.reduce(0) { $0 + ($1[key]?.double ?? 0) } }
        let overall = try #require(body["overallData"])
        #expect(overall["totalCallOi"]?.double == sum("callOi"))
        #expect(overall["totalPutOi"]?.double == sum("putOi"))
        #expect(overall["totalCallOiChange"]?.double == sum("putOiChange"))
        #expect(overall["totalPutOiChange"]?.double == sum("callOiChange"))
        #expect(sum("putOiChange") != sum("callOiChange"))
        #expect(overall["totalPCR"]?.double == sum("putOi") / sum("callOi"))
        #expect((overall["strikePriceList"]?.array?.count ?? 0) > rows.count)
    }

    @Test("without a range five percent are shown and its ends are numbers; with one they are text")
    func range() throws {
        let standard = try snapshot()
        let spot = try #require(standard["overallData"]?["spotPrice"]?.double)
        let lowest = try #require(standard["inputData"]?["minStrikePrice"]?.integer)
        #expect(Double(lowest) == (spot * 0.95).rounded())
        let strikes = standard["oiData"]?.object?.keys.compactMap(Double.init) ?? []
        #expect(strikes.allSatisfy { $0 >= spot * 0.949 && $0 <= spot * 1.051 })
        let wide = try snapshot(["minStrikePrice": "0", "maxStrikePrice": "99999"])
        #expect(wide["inputData"]?["minStrikePrice"] == "0")
        #expect(wide["oiData"]?.object?.count == wide["overallData"]?["strikePriceList"]?.array?.count)
    }

    @Test("the values' stamp lags behind the requested time, which is echoed")
    func stamps() throws {
        let echo = try #require(try snapshot()["inputData"])
        #expect(echo["maxTime"] == "10:20")
        #expect(echo["tradingDate"] == "2026-11-20")
        #expect(echo["lastUpdatedDateTime"] == "2026-11-20T10:17:59+05:30")
        let early = try snapshot(["maxTime": "23:00"])
        #expect(early["inputData"]?["maxTime"] == "10:30")
    }

    @Test("after the close the close is served for any later time")
    func afterClose() throws {
        let saturday = Timestamp(seconds: CoreClient.start.seconds + 86_400)
        let body = try snapshot(scenario: .exchangeHours, at: saturday)
        #expect(body["inputData"]?["maxTime"] == "15:40")
        #expect(body["inputData"]?["tradingDate"] == "2026-11-20")
        #expect(body["overallData"]?["hideTimeSlider"] == true)
    }

    @Test("an unlisted expiry or stock has an empty body")
    func unlisted() throws {
        #expect(try snapshot(["expDateList": "2026-11-21"]) == [:])
        #expect(try snapshot(["stockId": "7"]) == [:])
    }

    @Test("a browser gets a page around the JSON")
    func browser() throws {
        let simulation = try Simulation(configuration: SimulatorConfiguration { CoreClient.start })
        let request = WebRequest(path: "/phoenix/api/search-contract-stock/", headers: ["accept": "text/html,*/*"])
        #expect(TrendlynePages(simulation: simulation).response(to: request).contentType.hasPrefix("text/html"))
    }

    @Test("has faults: firewall, page, nothing, another day")
    func faults() throws {
        let refused = try response("live-oi-data/", Self.request, faults: [.trendlyne405])
        #expect(refused.status == 405)
        #expect(refused.contentType.hasPrefix("text/html"))
        #expect(try response("live-oi-data/", faults: [.trendlyneHTML]).contentType.hasPrefix("text/html"))
        #expect(try response("live-oi-data/", faults: [.trendlyneEmpty]).body.isEmpty)
        let wrong = try snapshot(faults: [.trendlyneWrongTime])
        #expect(wrong["inputData"]?["tradingDate"] == "2026-11-19")
    }

    @Test("the request quota is used up after its number of requests")
    func budget() throws {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.faults = [.trendlyneQuota]
        configuration.trendlyneQuota = 3
        let pages = TrendlynePages(simulation: try Simulation(configuration: configuration))
        let request = WebRequest(path: "/phoenix/api/search-contract-stock/", query: ["query": "nifty"])
        #expect((1...4).map { _ in pages.response(to: request).status } == [200, 200, 200, 405])
    }

    @Test(
        "the response has the keys and the types of a real one, key by key",
        .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set")
    )
    func shape() throws {
        let bytes = try Captures.bytes("trendlyne/trendlyne-live-oi-data-NIFTY-2025-12-16-1525.json")
        let real = try #require(JSONValue(parsing: bytes))
        let query = Self.request.merging(["minStrikePrice": "1", "maxStrikePrice": "99999"]) { $1 }
        let response = try response("live-oi-data/", query)
        let made = try #require(JSONValue(parsing: response.body))
        #expect(shape(of: made) == shape(of: real))
        #expect(String(decoding: response.body, as: UTF8.self).contains(/"totalCallOi":[0-9]+\.0,/))
    }

    /// Paths and the types that stand there; strikes and places in lists count as one.
    private func shape(of value: JSONValue, at path: String = "") -> Set<String> {
        switch value {
        case .object(let members):
            members.reduce(into: ["\(path): object"]) { shapes, member in
                let name = Double(member.key) == nil ? member.key : "strike"
                shapes.formUnion(shape(of: member.value, at: path + "." + name))
            }
        case .array(let items):
            items.reduce(into: ["\(path): list"]) { $0.formUnion(shape(of: $1, at: path + "[]")) }
        case .string: ["\(path): text"]
        case .integer, .number: ["\(path): number"]
        case .bool: ["\(path): truth"]
        case .null: ["\(path): null"]
        }
    }
}
