import Foundation
import MarketData
import Testing
import UpstreamSimulator

@Suite("The session of single contracts on the command line", .serialized)
struct ContractCommandTests {
    /// These markets trade around the clock and begin their day at India's midnight: no interval is over just then.
    private static let isQuarterOver: Bool = {
        let second = (SystemClock.now().seconds + 19_800) % 86_400
        return second > 960
    }()
    private static let quarterIsOver = ConditionTrait.enabled(if: isQuarterOver, "India's day has just begun")

    /// Runs commands against a simulator of this process, with their own data folder.
    private func withSimulator(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        _ body: ([String: String]) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await UpstreamSimulator.withRunning(configuration) { simulator, port in
            var environment = Dictionary(
                simulator.environment(port: port).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
            environment["BHAV_DATA"] = folder
            try await body(environment)
        }
    }

    @Test("a contract of the mock market, in each format, is marked simulated", ContractCommandTests.quarterIsOver)
    func mock() async throws {
        let request = ["contract", "NIFTY", "--strike", "25000", "--type", "call", "--mock"]
        let csv = try await BhavProcess.run(request)
        #expect(csv.status == 0, "\(csv.errors)")
        #expect(csv.lines.first == "time,price,openInterest,change,volume,buildUp,final")
        #expect(csv.lines.count > 1)
        #expect(csv.errors.contains("in shares"))
        #expect(csv.errors.contains("SIMULATED"), "\(csv.errors)")
        let json = try await BhavProcess.run(request + ["--format", "json"])
        #expect(json.output.contains(#""mode":"simulated""#))
        let ndjson = try await BhavProcess.run(request + ["--format", "ndjson", "--interval", "15m"])
        #expect(ndjson.lines.first?.hasPrefix(#"{"time":"#) == true)
        let table = try await BhavProcess.run(request + ["--format", "table"])
        #expect(table.lines.first?.contains("openInterest") == true)
    }

    @Test(
        "options and futures of the simulated upstream have Trendlyne's provenance and shares",
        ContractCommandTests.quarterIsOver)
    func simulated() async throws {
        try await withSimulator { environment in
            let call = try await BhavProcess.run(
                ["contract", "NIFTY", "--strike", "25000", "--type", "call", "--format", "json"],
                environment: environment)
            #expect(call.status == 0, "\(call.errors)")
            #expect(call.output.contains(#""source":"trendlyne""#))
            #expect(call.output.contains(#""feed":"fno/buildup-5""#))
            #expect(call.output.contains(#""unit":"shares""#))
            let future = try await BhavProcess.run(
                ["contract", "NIFTY", "--type", "future", "--interval", "15m", "--format", "csv"],
                environment: environment)
            #expect(future.status == 0, "\(future.errors)")
            #expect(future.lines.count > 1)
        }
    }

    @Test(
        "an invalid contract is a usage error before any request is sent",
        arguments: [
            ["--type", "call"], ["--type", "future", "--strike", "1"], ["--type", "straddle"],
            ["--type", "put", "--strike", "high"],
        ])
    func usage(options: [String]) async throws {
        let result = try await BhavProcess.run(["contract", "NIFTY"] + options)
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("the next command knows of a refusal by the firewall and sends no request")
    func stop() async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = [.trendlyne405]
        configuration.faultLimit = 1
        try await withSimulator(configuration) { environment in
            // Without another source: NSE would be used in its place.
            let environment = environment.merging(["NSE_URL": "http://127.0.0.1:9"]) { $1 }
            let first = try await BhavProcess.run(["oi", "NIFTY"], environment: environment)
            #expect(first.status == 75, "\(first.errors)")
            let second = try await BhavProcess.run(["oi", "NIFTY"], environment: environment)
            #expect(second.status == 75, "\(second.errors)")
            #expect(second.errors.contains("trendlyne"), "\(second.errors)")
        }
    }

    @Test("where Trendlyne refuses, NSE is used and named")
    func secondSource() async throws {
        var configuration = SimulatorConfiguration()
        configuration.faults = [.trendlyne405]
        try await withSimulator(configuration) { environment in
            let result = try await BhavProcess.run(["oi", "NIFTY", "--format", "json"], environment: environment)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("\"source\":\"nse\""))
        }
    }
}
