import MarketData
import Testing

@testable import MarketServer

@Suite("The OpenAPI document")
struct APIDocumentTests {
    /// Questions that the mock market answers, and the path that describes them.
    static let questions: [(String, String)] = [
        ("/v1", "/v1"), ("/v1/bars", "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=3"),
        ("/v1/bars", "/v1/bars?symbol=NSE:NIFTY&interval=1d&count=3"),
        ("/v1/quotes", "/v1/quotes?symbols=NSE:NIFTY,NSE:NOSUCH"), ("/v1/search", "/v1/search?query=nifty"),
        ("/v1/expiries", "/v1/expiries?symbol=NIFTY"), ("/v1/open-interest", "/v1/open-interest?symbol=NIFTY"),
        ("/v1/oi", "/v1/oi?symbol=NIFTY"), ("/v1/put-call-ratio", "/v1/put-call-ratio?symbol=NIFTY"),
        ("/v1/pcr", "/v1/pcr?symbol=NIFTY"), ("/v1/option-chain", "/v1/option-chain?symbol=NIFTY"),
        ("/v1/status", "/v1/status"), ("/health/live", "/health/live"), ("/health/ready", "/health/ready"),
    ]

    @Test("every path and parameter is described, and nothing else is")
    func complete() async throws {
        try await RunningServer.with { server in
            let document = try await server.get("/openapi.yaml")
            #expect(document.status == 200)
            let listed = document.lines.filter { $0.hasPrefix("  /") }.map { String($0.dropFirst(2).dropLast()) }
            #expect(Set(listed) == Set(APIDocument.operations.keys))
            let index = try await server.get("/v1").json
            for path in index["paths"].array {
                let name = path["path"].string ?? ""
                #expect(APIDocument.operations[name] != nil, "\(name)")
                for parameter in path["parameters"].array.compactMap(\.string) {
                    #expect(APIParameters.all[parameter] != nil, "\(parameter)")
                }
            }
        }
    }

    @Test("live answers have the fields that the document names, and no others", arguments: questions)
    func fields(path: String, question: String) async throws {
        let schema = try #require(APIDocument.operations[path]?.schema)
        let (required, all) = APISchemas.fields(of: schema)
        try await RunningServer.with { server in
            let answer = try await server.get(question)
            #expect(answer.status == 200)
            let keys = try answer.json.keys
            #expect(required.subtracting(keys) == [], "missing")
            #expect(keys.subtracting(all) == [], "not described")
            if schema == "Bars", let bar = try answer.json["bars"].array.first { check(bar, "Bar") }
            if schema == "Quotes", let quote = try answer.json["quotes"].array.first { check(quote, "Quote") }
        }
    }

    @Test("an error has the fields that the document names")
    func errors() async throws {
        try await RunningServer.with { server in
            check(try await server.get("/v1/bars?symbol=NIFTY").json["error"], "ErrorBody")
        }
    }

    private func check(_ json: JSON, _ schema: String) {
        let (required, all) = APISchemas.fields(of: schema)
        #expect(required.subtracting(json.keys) == [], "missing in \(schema)")
        #expect(json.keys.subtracting(all) == [], "not described in \(schema)")
    }
}

@Suite("Metrics")
struct MetricsTests {
    @Test("requests, sources and the process are measured in Prometheus' format")
    func metrics() async throws {
        try await RunningServer.with { server in
            _ = try await server.get("/v1/bars?symbol=NIFTY&interval=1m&count=2")
            _ = try await server.get("/v1/bars?symbol=NIFTY")
            let answer = try await server.get("/metrics")
            #expect(answer.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(
                answer.lines.contains(#"bhav_http_request_duration_seconds_count{route="/v1/bars",status="200"} 1"#))
            #expect(
                answer.lines.contains(#"bhav_http_request_duration_seconds_count{route="/v1/bars",status="400"} 1"#))
            #expect(answer.lines.contains(#"bhav_source_up{source="mock"} 1"#))
            #expect(answer.lines.contains { $0.hasPrefix("process_open_fds ") })
            for line in answer.lines where !line.hasPrefix("#") {
                #expect(line.split(separator: " ").last.flatMap { Double($0) } != nil, "\(line)")
            }
        }
    }

    @Test("labels are escaped")
    func escaping() {
        var text = PrometheusText()
        text.sample("a", [("b", "c\"d\\e\nf")], 1.5)
        #expect(text.text == #"a{b="c\"d\\e\nf"} 1.5"# + "\n")
    }

    @Test("a response carries the id of its request, the caller's own where that is plain")
    func requestIDs() async throws {
        try await RunningServer.with { server in
            #expect(try await server.get("/v1/status").headers["x-request-id"]?.isEmpty == false)
            let own = try await server.get("/v1/status", headers: [("X-Request-ID", "abc-1")])
            #expect(own.headers["x-request-id"] == "abc-1")
            let bad = try await server.get("/v1/status", headers: [("X-Request-ID", "a b")])
            #expect(bad.headers["x-request-id"] != "a b")
        }
    }
}
