import MarketData
import MarketServer
import Testing

@Suite("Provenance in headers")
struct ProvenanceHeaderTests {
    @Test(
        "every format of every response marks mock numbers as simulated in its headers",
        arguments: ["json", "csv", "ndjson"])
    func everyFormat(format: String) async throws {
        try await RunningServer.with { server in
            let paths = [
                "bars?symbol=NIFTY&interval=5m&count=3", "quotes?symbols=NIFTY,BANKNIFTY", "expiries?symbol=NIFTY",
                "open-interest?symbol=NIFTY", "put-call-ratio?symbol=NIFTY",
            ]
            for path in paths {
                let headers = try await server.get("/v1/\(path)&format=\(format)").headers
                #expect(headers["bhav-source"] == "mock", "\(path)")
                #expect(headers["bhav-mode"] == "simulated", "\(path)")
                #expect(headers["bhav-feed"] == "mock seed 7", "\(path)")
                #expect(headers["bhav-delay-seconds"] == "0", "\(path)")
                #expect(headers["bhav-as-of"]?.isEmpty == false, "\(path)")
            }
        }
    }

    @Test("bars report whether they are complete, and why not")
    func complete() async throws {
        try await RunningServer.with { server in
            let whole = try await server.get("/v1/bars?symbol=NIFTY&interval=1d&count=3&format=csv").headers
            #expect(whole["bhav-complete"] == "true")
            #expect(whole["bhav-reason"] == nil)
            let short = try await server.get("/v1/bars?symbol=NIFTY&interval=1M&count=5000&format=csv").headers
            #expect(short["bhav-complete"] == "false")
            #expect(short["bhav-reason"]?.isEmpty == false)
        }
    }

    @Test("rows of one expiry name it, also where none was requested")
    func expiry() async throws {
        try await RunningServer.with { server in
            let rows = try await server.get("/v1/expiries?symbol=NIFTY&format=csv").text.split(separator: "\n")
            let next = try #require(rows.dropFirst(2).first?.prefix(10))
            let usual = try await server.get("/v1/open-interest?symbol=NIFTY").json["expiry"].string
            #expect(usual != nil && usual != String(next))
            for path in ["open-interest", "option-chain", "put-call-ratio"] {
                let nearest = try await server.get("/v1/\(path)?symbol=NIFTY&format=csv").headers
                let other = try await server.get("/v1/\(path)?symbol=NIFTY&expiry=\(next)&format=csv").headers
                #expect(nearest["bhav-expiry"] == usual, "\(path)")
                #expect(other["bhav-expiry"] == "\(next)", "\(path)")
            }
        }
    }

    @Test("missing quotes are named, as many as a header may hold")
    func errors() async throws {
        try await RunningServer.with { server in
            let few = try await server.get("/v1/quotes?symbols=NIFTY,NSE:ZZZ,QQQ&format=csv").headers
            #expect(few["bhav-errors"] == "NSE:ZZZ=symbol_not_found, QQQ=symbol_not_found")
            let names = (0..<30).map { "NSE:ZZZ\($0)" }.joined(separator: ",")
            let many = try await server.get("/v1/quotes?symbols=NIFTY,\(names)&format=csv").headers
            #expect(many["bhav-errors"]?.hasSuffix("and 10 more") == true)
        }
    }

    @Test("pages of an allowed origin may read them")
    func exposed() async throws {
        try await RunningServer.with(configure: { $0.corsOrigins = ["https://page.example"] }) { server in
            let headers = try await server.get(
                "/v1/expiries?symbol=NIFTY", headers: [("Origin", "https://page.example")]
            ).headers
            #expect(headers["access-control-expose-headers"]?.contains("Bhav-Mode") == true)
        }
    }
}
