import Foundation
import Testing
import UpstreamSimulator

@Suite("Built intervals and price adjustments over sockets", .serialized)
struct BuiltIntervalCommandTests {
    private func response(_ arguments: [String]) async throws -> BhavProcess.Result {
        try await UpstreamSimulator.withRunning(SimulatorConfiguration()) { simulator, port in
            let pairs = simulator.environment(port: port).map { ($0.name, $0.value) }
            return try await BhavProcess.run(arguments, environment: Dictionary(pairs) { $1 })
        }
    }

    @Test("live bars of a built interval arrive as they form")
    func live() async throws {
        let result = try await response(
            ["live", "NSE:NIFTY", "--bars", "10m", "--count", "5", "--format", "ndjson"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.count >= 5)
    }

    @Test("the rolls of a continuous future and the currency of its bars are in the response")
    func terms() async throws {
        let result = try await response([
            "history", "NSE:NIFTY1!", "--interval", "1d", "--bars", "200", "--currency", "USD", "--format", "json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let response = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(response["currency"] as? String == "USD")
        #expect((response["rolls"] as? [[String: Any]])?.isEmpty == false)
    }

    @Test("an invalid currency or type is a usage error that lists the accepted values")
    func usage() async throws {
        let currency = try await response(["history", "NSE:NIFTY", "--currency", "usd"])
        #expect(currency.status == 64, "\(currency.errors)")
        #expect(currency.errors.contains("currency"))
        let type = try await response(["search", "nifty", "--type", "shares"])
        #expect(type.status == 64, "\(type.errors)")
        #expect(type.errors.contains("index, stock, futures"))
    }
}
