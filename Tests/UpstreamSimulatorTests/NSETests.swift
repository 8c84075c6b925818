import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("The simulated NSE")
struct NSETests {
    private static let headers = [
        "user-agent": "Mozilla/5.0 (X11; Linux x86_64)", "accept-language": "en-US", "cookie": "nsit=a; nseappid=b",
    ]

    private static let friday = CoreClient.start

    private func roles(_ faults: Set<Fault> = [], at now: Timestamp = friday) throws -> WebRoles {
        var configuration = SimulatorConfiguration(scenario: .exchangeHours) { now }
        configuration.faults = faults
        return WebRoles(simulation: try Simulation(configuration: configuration))
    }

    private func response(
        _ path: String, _ query: [String: String] = [:], faults: Set<Fault> = [],
        headers: [String: String] = headers, at now: Timestamp = friday
    ) async throws -> WebResponse {
        try await roles(faults, at: now).response(to: WebRequest(path: path, query: query, headers: headers))
    }

    private func json(_ response: WebResponse) throws -> JSONValue { try #require(JSONValue(parsing: response.body)) }

    private static let quoteAPI = "/api/NextApi/apiClient/GetQuoteApi"

    private func chain(_ expiry: String) async throws -> JSONValue {
        let query = ["functionName": "getOptionChainData", "symbol": "NIFTY", "params": "expiryDate=\(expiry)"]
        return try json(await response(Self.quoteAPI, query))
    }

    private func trendlyne(_ expiry: String) async throws -> JSONValue {
        let query = [
            "stockId": "1887", "expDateList": expiry, "minStrikePrice": "1", "maxStrikePrice": "99999",
        ]
        let reported = try json(await response("/phoenix/api/live-oi-data/", query))
        return try #require(reported["body"])
    }

    @Test("nothing is returned without the cookies of the page and a browser's headers")
    func cookies() async throws {
        let query = ["functionName": "getOptionChainDropdown", "symbol": "NIFTY"]
        #expect(try await response(Self.quoteAPI, query, headers: [:]).status == 403)
        let bare = Self.headers.filter { $0.key != "cookie" }
        #expect(try await response(Self.quoteAPI, query, headers: bare).status == 401)
        let page = try await response("/option-chain", headers: bare)
        #expect(page.cookies.count == 3)
        #expect(try await response(Self.quoteAPI, query).status == 200)
    }

    @Test(
        "Trendlyne's shares divided by the lot are NSE's contracts, for each strike",
        arguments: [
            ("23-Nov-2026", "2026-11-23"), ("28-Dec-2027", "2027-12-28"),
        ])
    func agreement(expiry: (nse: String, trendlyne: String)) async throws {
        let chain = try await chain(expiry.nse)
        let reported = try await trendlyne(expiry.trendlyne)
        let rows = try #require(chain["data"]?.array)
        #expect(rows.count == reported["oiData"]?.object?.count)
        for row in rows {
            let strike = try #require(row["strikePrice"]?.integer)
            let shares = try #require(reported["oiData"]?["\(strike)"])
            for (side, name) in [("CE", "call"), ("PE", "put")] {
                #expect(row[side]?["openInterest"]?.double == (shares["\(name)Oi"]?.double ?? 0) / 65)
                let change = (shares["\(name)OiChange"]?.double ?? 0) / 65
                #expect(abs((row[side]?["changeinOpenInterest"]?.double ?? -1) - change) < 1e-6)
            }
            #expect(row["expiryDates"]?.string?.count == 10)
        }
        #expect(chain["underlyingValue"] == reported["overallData"]?["spotPrice"])
    }

    @Test("contracts that may be older than the lot are fractional, and others whole")
    func fractions() async throws {
        func fractions(_ expiry: String) async throws -> Int {
            let rows = try await chain(expiry)["data"]?.array ?? []
            return rows.filter { row in
                (row["CE"]?["openInterest"]?.double ?? 0).truncatingRemainder(dividingBy: 1) != 0
            }.count
        }
        #expect(try await fractions("23-Nov-2026") == 0)
        #expect(try await fractions("28-Dec-2027") > 10)
    }

    @Test("the stamp is that of the newest step of three minutes")
    func stamp() async throws {
        #expect(try await chain("23-Nov-2026")["timestamp"] == "20-Nov-2026 10:30:00")
    }

    @Test("both lists of expiries and strikes agree, and the older chain has the newer one's rows")
    func generations() async throws {
        let dropdown = try json(
            await response(Self.quoteAPI, ["functionName": "getOptionChainDropdown", "symbol": "NIFTY"]))
        let listed = try json(await response("/api/option-chain-contract-info", ["symbol": "NIFTY"]))
        #expect(dropdown == listed)
        #expect(dropdown["expiryDates"]?.array?.first == "23-Nov-2026")
        let third = try json(
            await response(
                "/api/option-chain-v3", ["type": "Indices", "symbol": "NIFTY", "expiry": "23-Nov-2026"]))
        let next = try await chain("23-Nov-2026")
        #expect(third["records"]?["data"] == next["data"])
        let total = next["data"]?.array?.reduce(0) { $0 + ($1["PE"]?["openInterest"]?.double ?? 0) }
        #expect(third["filtered"]?["PE"]?["totOI"]?.double == total)
    }

    @Test("an unlisted expiry is {}, and the legacy addresses are gone")
    func declines() async throws {
        let query = ["functionName": "getOptionChainData", "symbol": "NIFTY", "params": "expiryDate=25-Nov-2026"]
        #expect(try json(await response(Self.quoteAPI, query)) == [:])
        #expect(try await response("/api/option-chain-indices", ["symbol": "NIFTY"]).status == 404)
    }

    @Test("has faults: refused, empty, a page, the newest generation gone")
    func faults() async throws {
        let query = ["functionName": "getOptionChainDropdown", "symbol": "NIFTY"]
        #expect(try await response(Self.quoteAPI, query, faults: [.nse403]).status == 403)
        #expect(try json(await response(Self.quoteAPI, query, faults: [.nseEmpty])) == [:])
        #expect(try await response(Self.quoteAPI, query, faults: [.nseHTML]).contentType.hasPrefix("text/html"))
        #expect(try await response(Self.quoteAPI, query, faults: [.nseNextGone]).status == 404)
        let other = try await response(
            "/api/option-chain-contract-info", ["symbol": "NIFTY"], faults: [.nseNextGone])
        #expect(other.status == 200)
    }

    private static let archive = "/content/fo/BhavCopy_NSE_FO_0_0_0_20261119_F_0000.csv.zip"

    @Test("a past day has its file: a zip of one CSV, in shares, with the close's values")
    func bhavcopy() async throws {
        let zip = try await response(Self.archive, headers: [:]).body
        #expect(Array(zip.prefix(4)) == Array("PK\u{3}\u{4}".utf8))
        let text = String(decoding: zip, as: UTF8.self)
        let line = try #require(
            text.split(separator: "\n").first { $0.contains(",NIFTY,,2026-11-23,2026-11-23,25000,CE,") })
        let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields[0] == "2026-11-19")
        #expect(fields[28] == "65")
        let market = try roles().trendlyne.simulation.market
        let close = IndianTime.timestamp(try #require(CalendarDate("2026-11-19")), ClockTime(hour: 15, minute: 39))
        let expiry = try #require(CalendarDate("2026-11-23"))
        let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
        let snapshot = try #require(market.openInterest(of: nifty, expiry: expiry, at: close))
        let row = try #require(snapshot.strikes.first { $0.strike == Strike("25000") })
        #expect(Double(fields[22]) == row.call?.openInterest)
        #expect(Double(fields[23]) == row.call?.change)
    }

    @Test("today's file comes after the close, and a Saturday has none")
    func noFile() async throws {
        let friday = "/content/fo/BhavCopy_NSE_FO_0_0_0_20261120_F_0000.csv.zip"
        #expect(try await response(friday).status == 404)
        #expect(try await response(friday, at: Self.friday.advanced(bySeconds: 8 * 3600)).status == 200)
        #expect(try await response("/content/fo/BhavCopy_NSE_FO_0_0_0_20261114_F_0000.csv.zip").status == 404)
        #expect(try await response(Self.archive, faults: [.nseNoFiles]).status == 404)
    }

    @Test("the lots of the coming months are in a separate file")
    func lots() async throws {
        let text = String(decoding: try await response("/content/fo/fo_mktlots.csv").body, as: UTF8.self)
        let rows = text.split(separator: "\n").map { line in
            line.split(separator: ",").map { $0.filter { $0 != " " } }
        }
        #expect(rows.first == ["UNDERLYING", "SYMBOL", "NOV-26", "DEC-26", "JAN-27"])
        #expect(rows.contains(["NIFTY", "NIFTY", "65", "65", "65"]))
    }

    @Test("the checksum is CRC-32")
    func checkSum() {
        #expect(CyclicRedundancyCheck.of("123456789".utf8) == 0xCBF4_3926)
    }
}
