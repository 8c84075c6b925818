import Logging
import MarketData
import Metrics
import Testing

@testable import MarketServer

@Suite("Metrics")
struct MetricsTests {
    @Test("requests, sources and the process are measured in Prometheus' format")
    func metrics() async throws {
        try await RunningServer.with { server in
            _ = try await server.get("/v1/bars?symbol=NIFTY&interval=1m&count=2")
            _ = try await server.get("/v1/bars?symbol=NIFTY")
            let response = try await server.get("/metrics")
            #expect(response.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(
                response.lines.contains(#"bhav_http_request_duration_seconds_count{route="/v1/bars",status="200"} 1"#))
            #expect(
                response.lines.contains(#"bhav_http_request_duration_seconds_count{route="/v1/bars",status="400"} 1"#))
            #expect(response.lines.contains(#"bhav_source_up{source="mock"} 1"#))
            #expect(response.lines.contains { $0.hasPrefix("process_open_fds ") })
            let kinds = Set(
                response.lines.filter { $0.hasPrefix("# TYPE ") }.compactMap {
                    $0.split(separator: " ").dropFirst(2).first
                })
            let documented: Set<Substring> = [
                "bhav_source_up", "bhav_source_lag_seconds", "bhav_source_reconnects_total", "bhav_source_quota_left",
                "bhav_subscriptions", "bhav_subscription_age_seconds", "bhav_http_request_duration_seconds",
                "bhav_streams_open", "bhav_streams_rejected_total", "bhav_stream_messages_total",
                "bhav_stream_gaps_total", "bhav_stream_repaired_bars_total", "bhav_stream_quotes_merged_total",
                "bhav_stream_slow_clients_total", "process_resident_memory_bytes", "process_open_fds",
                "process_max_fds",
            ]
            #expect(documented.subtracting(kinds).isEmpty)
            for line in response.lines where !line.hasPrefix("#") {
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

    @Test("instruments of swift-metrics are written as Prometheus reads them")
    func instruments() {
        let registry = PrometheusRegistry()
        registry.describe("a_total", "What happened.")
        for _ in 0..<2 { Counter(label: "a_total", factory: registry).increment(by: 2) }
        Gauge(label: "b.level", dimensions: [("x", "1")], factory: registry).record(1.5)
        Metrics.Timer(label: "c_seconds", factory: registry).recordMilliseconds(3)
        Recorder(label: "d", factory: registry).record(5)
        // A name keeps its first kind.
        Gauge(label: "a_total", factory: registry).record(7)
        let gone = Meter(label: "e", factory: registry)
        gone.set(1)
        gone.destroy()
        var text = PrometheusText()
        registry.write(to: &text)
        let lines = text.text.split(separator: "\n")
        #expect(lines.prefix(3) == ["# HELP a_total What happened.", "# TYPE a_total counter", "a_total 4"])
        #expect(lines.contains(#"b_level{x="1"} 1.5"#))
        #expect(
            lines.contains(#"c_seconds_bucket{le="0.0025"} 0"#) && lines.contains(#"c_seconds_bucket{le="0.005"} 1"#))
        #expect(lines.contains("c_seconds_sum 0.003") && lines.contains("c_seconds_count 1"))
        #expect(lines.contains("d_sum 5") && lines.contains("d_count 1"))
        #expect(!lines.contains { $0.contains("e 1") })
    }

    @Test("the number of series of a metric is limited")
    func bounded() {
        let registry = PrometheusRegistry()
        for number in 0..<PrometheusRegistry.mostSeries + 10 {
            Counter(label: "a", dimensions: [("n", "\(number)")], factory: registry).increment()
        }
        var text = PrometheusText()
        registry.write(to: &text)
        #expect(text.text.split(separator: "\n").count { $0.hasPrefix("a{") } == PrometheusRegistry.mostSeries)
    }

    @Test("log records of a request have its id")
    func logged() {
        #expect(RequestLog.metadataProvider.get().isEmpty)
        RequestLog.$id.withValue("abc-1") {
            #expect(RequestLog.metadataProvider.get() == ["request": "abc-1"])
        }
    }

    @Test("a response has the id of its request, or the client's id if that is valid")
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
