import Foundation
import Testing
import UpstreamSimulator

@Suite("A source with swapped totals, on the command line", .serialized)
struct SwappedTotalsCommandTests {
    private func fetch(_ arguments: [String]) async throws -> [String: Any] {
        let output = try await UpstreamSimulator.withRunning(SimulatorConfiguration()) { simulator, port in
            let pairs = simulator.environment(port: port).map { ($0.name, $0.value) }
            let result = try await BhavProcess.run(
                arguments + ["--format", "json"], environment: Dictionary(pairs) { $1 })
            #expect(result.status == 0, "\(result.errors)")
            return result.output
        }
        return try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }

    private func sum(_ response: [String: Any], _ side: String, _ value: String) throws -> Double {
        let strikes = try #require(response["strikes"] as? [[String: Any]])
        return strikes.compactMap { ($0[side] as? [String: Any])?[value] as? Double }.reduce(0, +)
    }

    @Test("the simulated Trendlyne swaps its totals of change as the real one does, and no field of ours follows it")
    func openInterest() async throws {
        let response = try await fetch(["oi", "NIFTY"])
        #expect(response["source"] as? String == "trendlyne")
        let (calls, puts) = (try sum(response, "call", "change"), try sum(response, "put", "change"))
        try #require(calls != puts, "a chain whose changes are equal proves nothing")
        let totals = try #require(response["totals"] as? [String: Any])
        #expect(totals["callChange"] as? Double == calls)
        #expect(totals["putChange"] as? Double == puts)
        let analysis = try #require(response["analysis"] as? [String: Any])
        let ratios = try #require(analysis["putCallRatios"] as? [String: [String: Any]])
        #expect(ratios["change"]?["calls"] as? Double == calls)
        #expect(ratios["change"]?["puts"] as? Double == puts)
        #expect(analysis["netChange"] as? Double == puts - calls)
    }

    @Test("a chain over sockets has our greeks beside the source's own values, each under its model")
    func chain() async throws {
        let response = try await fetch(["chain", "NIFTY"])
        let model = try #require(response["model"] as? [String: Any])
        #expect(model["forward"] is Double, "\(model["reasons"] ?? "")")
        let values = try #require(response["sourceFigures"] as? [String: Any])
        #expect((values["impliedVolatilityModel"] as? String)?.isEmpty == false)
        let strikes = try #require(response["strikes"] as? [[String: Any]])
        let known = strikes.count { (($0["call"] as? [String: Any])?["greeks"] as? [String: Any]) != nil }
        #expect(known > 10, "\(known) of \(strikes.count)")
    }
}
