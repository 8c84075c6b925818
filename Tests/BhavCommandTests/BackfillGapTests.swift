import Foundation
import MarketData
import Testing
import UpstreamSimulator

@Suite("Gaps in the middle of stored series", .serialized)
struct BackfillGapTests {
    /// Four weeks of trading days from a Monday on, seven weeks before this one: the program goes by the real time, and
    /// the span must lie within what the upstream keeps.
    private static let span: [String] = {
        let today = IndianTime.date(SystemClock.now())
        // 1970-01-05 was a Monday.
        let monday = today.advanced(byDays: -((today.daysSinceEpoch - 4) % 7) - 49)
        return ["-i", "5m", "--from", "\(monday)", "--to", "\(monday.advanced(byDays: 25))"]
    }()

    @Test("backfill finds and fills them with three requests, and then sends none")
    func gaps() async throws {
        let folder = NSTemporaryDirectory() + "bhav-gaps-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await UpstreamSimulator.withRunning(SimulatorConfiguration(scenario: .exchangeHours)) { simulator, port in
            let upstream = Dictionary(simulator.environment(port: port).map { ($0.name, $0.value) }) { $1 }
            let clean = upstream.merging(["BHAV_DATA": "\(folder)/clean"]) { $1 }
            let holed = upstream.merging(["BHAV_DATA": "\(folder)/holed"]) { $1 }
            let whole = try await BhavProcess.run(["backfill", "NSE:NIFTY"] + Self.span, environment: clean)
            #expect(whole.status == 0, "\(whole.errors)")
            let exported = try await BhavProcess.run(["export", "NSE:NIFTY"] + Self.span, environment: clean)

            // Three gaps: within a day, a whole day, and a single bar.
            let lost = Set(150..<162).union(300..<375).union([600])
            let rows = exported.lines.dropFirst()
            let left = rows.enumerated().filter { !lost.contains($0.offset) }.map(\.element)
            let file = "\(folder)/left.csv"
            let text = ([String(exported.lines[0])] + left.map(String.init)).joined(separator: "\n") + "\n"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let imported = try await BhavProcess.run(
                ["import", file, "--symbol", "NSE:NIFTY", "-i", "5m"], environment: holed)
            #expect(imported.status == 0, "\(imported.errors)")
            let gaps = try await BhavProcess.run(["gaps", "NSE:NIFTY", "--missing"] + Self.span, environment: holed)
            #expect(gaps.status == 2)
            #expect(gaps.lines.count == 1 + 3, "\(gaps.output)")

            simulator.resetSeriesCounts()
            let repaired = try await BhavProcess.run(["backfill", "NSE:NIFTY"] + Self.span, environment: holed)
            #expect(repaired.status == 0, "\(repaired.errors)")
            #expect(repaired.numbers(in: "ok ").first == lost.count, "\(repaired.errors)")
            let count = simulator.seriesCount(of: "NSE:NIFTY", .fiveMinutes)
            #expect(count.requests == 3)
            // Nights and weekends of a file are unknown until they were requested, so they are fetched once.
            simulator.resetSeriesCounts()
            let again = try await BhavProcess.run(["backfill", "NSE:NIFTY"] + Self.span, environment: holed)
            #expect(again.status == 0, "\(again.errors)")
            #expect(simulator.seriesCount(of: "NSE:NIFTY", .fiveMinutes).requests == 0)
            let after = try await BhavProcess.run(["export", "NSE:NIFTY"] + Self.span, environment: holed)
            #expect(after.output == exported.output)
        }
    }
}
