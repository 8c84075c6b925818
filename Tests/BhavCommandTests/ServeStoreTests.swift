import Foundation
import TestSupport
import Testing
import UpstreamSimulator

@Suite("The store of a server and of history, as a process")
struct ServeStoreTests {
    private static let away = [
        "TRADINGVIEW_URL": "ws://127.0.0.1:9", "TRADINGVIEW_WEB_URL": "http://127.0.0.1:9",
        "TRADINGVIEW_SEARCH_URL": "http://127.0.0.1:9", "TRENDLYNE_URL": "http://127.0.0.1:9",
        "NSE_URL": "http://127.0.0.1:9",
    ]

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func serve(_ folder: String) async throws -> BhavProcess.Result {
        try await BhavProcess.run(
            ["serve", "--port", "0"], environment: Self.away.merging(["BHAV_DATA": folder]) { $1 }, seconds: 20)
    }

    @Test("a second server on the same folder does not start, and names the folder and BHAV_DATA")
    func two() async throws {
        try await withFolder { folder in
            let first = BhavProcess.process(
                ["serve", "--port", "0"], Self.away.merging(["BHAV_DATA": folder, "HOME": folder]) { $1 })
            let said = Pipe()
            first.standardError = said
            try first.run()
            _ = try await BhavProcess.firstLines(1, of: said)
            let second = try await serve(folder)
            first.terminate()
            first.waitUntilExit()
            #expect(first.terminationStatus == 0)
            #expect(second.status == 78)
            #expect(second.errors.contains("BHAV_DATA=\(folder)"))
        }
    }

    @Test("a damaged store is named and not changed")
    func damaged() async throws {
        try await withFolder { folder in
            let path = "\(folder)/market.sqlite"
            let bytes = Data(repeating: 0xA5, count: 8192)
            try bytes.write(to: URL(fileURLWithPath: path))
            let result = try await serve(folder)
            #expect(result.status == 78)
            #expect(result.errors.contains("BHAV_DATA=\(folder)"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
        }
    }

    @Test("an invalid folder is exit code 78, one without write permission 73")
    func badFolder() async throws {
        try await withFolder { folder in
            let file = "\(folder)/file"
            try "".write(toFile: file, atomically: true, encoding: .utf8)
            let result = try await serve(file)
            #expect(result.status == 78)
            #expect(result.errors.contains(file))
            guard getuid() != 0 else { return }
            let closed = "\(folder)/closed"
            try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: true)
            chmod(closed, 0o555)
            #expect(try await serve(closed).status == 73)
        }
    }

    @Test("history --store keeps what it fetched and serves it with the upstream down, and gaps lists it")
    func history() async throws {
        try await withFolder { folder in
            let range = ["NSE:NIFTY", "-i", "5m", "--from", "2026-03-02", "--to", "2026-03-03"]
            let first = try await UpstreamSimulator.withRunning { simulator, port in
                let pairs = simulator.environment(port: port).map { ($0.name, $0.value) } + [("BHAV_DATA", folder)]
                return try await BhavProcess.run(
                    ["history"] + range + ["--store"], environment: Dictionary(pairs) { $1 })
            }
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.lines.count == 1 + 2 * 288)
            let away = Self.away.merging(["BHAV_DATA": folder]) { $1 }
            let second = try await BhavProcess.run(["history"] + range + ["--store"], environment: away)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.output == first.output)
            #expect(second.errors.contains("source store"))
            let direct = try await BhavProcess.run(["history"] + range + ["--no-store"], environment: away)
            #expect(direct.status == 69)
            #expect(direct.output.isEmpty)
            let gaps = try await BhavProcess.run(["gaps"] + range + ["--format", "json"], environment: away)
            #expect(gaps.status == 0, "\(gaps.errors)")
            #expect(gaps.number(named: "bars") == 576)
            #expect(gaps.number(named: "revisions") == 0)
        }
    }
}
