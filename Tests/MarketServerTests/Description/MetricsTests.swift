import MarketData
import Testing

@testable import MarketServer

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

    @Test("a response has the id of its request, the client's own where that is valid")
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
