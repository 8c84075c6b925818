import Testing

@testable import MarketServer

@Suite("Requests of spreadsheets and Grafana")
struct ToolTests {
    @Test("a range in milliseconds equals the range in seconds")
    func milliseconds() async throws {
        try await RunningServer.with { server in
            let path = "/v1/bars?symbol=NIFTY&interval=5m&format=csv"
            let seconds = try await server.get(path + "&from=1795150200&to=1795151400")
            let milliseconds = try await server.get(path + "&from=1795150200000&to=1795151400000")
            #expect(seconds.status == 200)
            #expect(seconds.lines.count == 5)
            #expect(milliseconds.text == seconds.text)
        }
    }

    @Test("csv has a header, and times in the requested style", arguments: ["iso", "exchange"])
    func csv(style: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.get(
                "/v1/bars?symbol=NIFTY&interval=5m&from=1795150200&to=1795150500&format=csv&time=\(style)")
            #expect(response.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(response.lines.first == "time,open,high,low,close,volume,final")
            let time = style == "iso" ? "2026-11-20T04:50:00Z" : "2026-11-20T10:20:00+05:30"
            #expect(response.lines.last?.hasPrefix(time + ",") == true)
        }
    }
}
