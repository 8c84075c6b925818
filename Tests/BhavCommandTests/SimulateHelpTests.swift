import Testing
import UpstreamSimulator

@Suite("The help of bhav simulate")
struct SimulateHelpTests {
    @Test("every fault and every scenario has its own line of help")
    func lists() async throws {
        let help = try await BhavProcess.run(["simulate", "--help"], environment: ["COLUMNS": "80"])
        #expect(help.status == 0)
        let lines = help.output.split(separator: "\n")
        let known =
            Fault.allCases.map { ($0.rawValue, $0.summary) } + Scenario.allCases.map { ($0.rawValue, $0.summary) }
        for (name, summary) in known {
            #expect(summary != name, "the fault \(name) has no summary")
            #expect(
                lines.contains { $0.drop { $0 == " " }.hasPrefix("\(name) ") && $0.hasSuffix(summary) },
                "\(name) has no line")
        }
    }

    @Test("an unknown name is a usage error that lists the known ones", arguments: ["--faults", "--scenario"])
    func unknown(option: String) async throws {
        let result = try await BhavProcess.run(["simulate", "--port", "0", option, "nonsense"], environment: [:])
        #expect(result.status == 64)
        #expect(result.errors.contains("nonsense"))
        #expect(result.errors.contains(option == "--faults" ? "trendlyne-outage" : "exchange-hours"))
    }
}
