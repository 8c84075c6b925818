import Foundation
import TestSupport
import Testing

@Suite("Recording open interest from the command line", .serialized)
struct RecordCommandTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-record-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func bhav(_ arguments: [String], _ folder: String) async throws -> BhavProcess.Result {
        try await BhavProcess.run(arguments + ["--mock"], environment: ["BHAV_DATA": folder])
    }

    /// A recorder that runs on its own; what it says comes through the pipe.
    private func recorder(
        _ folder: String, _ arguments: [String] = ["record", "NIFTY"], says pipe: Pipe
    ) throws -> Process {
        let process = BhavProcess.process(arguments + ["--mock"], ["BHAV_DATA": folder])
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // One that says less than the test waits for ends, and with it the wait.
        DispatchQueue.global().asyncAfter(deadline: .now() + 90) { if process.isRunning { process.terminate() } }
        return process
    }

    /// The stamps of the snapshots in lines of output.
    private func stamps(_ lines: [Substring]) -> [Substring] {
        lines.filter { $0.contains(" kept ") || $0.contains(" filled ") }.compactMap { line in
            line.range(of: " of ").map { line[$0.upperBound...].prefix(20) }
        }
    }

    @Test("killed with SIGKILL and restarted, it continues from the store; Ctrl-C exits with 0")
    func killed() async throws {
        try await withFolder { folder in
            let first = Pipe()
            let victim = try recorder(folder, says: first)
            let before = stamps(try await BhavProcess.firstLines(5, of: first))
            kill(victim.processIdentifier, SIGKILL)
            victim.waitUntilExit()
            #expect(before.count >= 2)
            let second = Pipe()
            let process = try recorder(folder, says: second)
            let lines = try await BhavProcess.firstLines(4, of: second)
            process.interrupt()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect((BhavProcess.numbers(lines.first ?? "").last ?? 0) >= before.count, "\(lines)")
            #expect(Set(stamps(lines)).isDisjoint(with: before))
            #expect(try await bhav(["store", "check"], folder).status == 0)
        }
    }

    @Test("the server records on its own schedule until it stops")
    func server() async throws {
        try await withFolder { folder in
            let server = try recorder(folder, ["serve", "--port", "0", "--record", "NIFTY"], says: Pipe())
            try await waitUntil("a snapshot is in the store", within: .seconds(60)) {
                let gaps = try await bhav(["gaps", "NIFTY", "--open-interest"], folder)
                return (gaps.numbers(in: "snapshots").first ?? 0) > 0
            }
            let second = try await bhav(["record", "NIFTY"], folder)
            #expect(second.status == 75, "\(second.errors)")
            server.interrupt()
            server.waitUntilExit()
            #expect(server.terminationStatus == 0)
            #expect(try await bhav(["store", "check"], folder).status == 0)
        }
    }

    @Test("each snapshot is a line of ndjson, marked simulated, and is read from the store as of its time")
    func ndjson() async throws {
        try await withFolder { folder in
            let once = try await bhav(["record", "NIFTY", "--once", "--format", "ndjson"], folder)
            #expect(once.status == 0, "\(once.errors)")
            #expect(once.lines.count == 1)
            #expect(once.output.contains("\"mode\":\"simulated\""))
            #expect(once.errors.contains("SIMULATED"))
            #expect(FileManager.default.fileExists(atPath: "\(folder)/simulated.sqlite"))
            let stamp = try #require(stamps(once.errors.split(separator: "\n")).first)
            let past = try await bhav(["oi", "NIFTY", "--at", String(stamp), "--format", "json"], folder)
            #expect(past.status == 0, "\(past.errors)")
            #expect(past.output.contains("\"source\":\"store\""))
            #expect(past.output.contains("\"asOf\":\"\(stamp)\""))
        }
    }

    @Test(
        "gaps are listed, with exit code 2",
        arguments: [
            ["record", "NIFTY", "--holes"], ["record", "NIFTY", "--gaps"], ["gaps", "NIFTY", "--open-interest"],
        ])
    func gaps(arguments: [String]) async throws {
        try await withFolder { folder in
            _ = try await bhav(["record", "NIFTY", "--once"], folder)
            let gaps = try await bhav(
                arguments + ["--from", "2026-03-02", "--to", "2026-03-02", "--format", "csv"], folder)
            #expect(gaps.status == 2, "\(gaps.errors)")
            let rows = ["symbol,expiry,from,to,reason,source,others", "NSE:NIFTY,,1772389800,1772476200,not_running,,"]
            #expect(gaps.output == rows.map { $0 + "\n" }.joined())
        }
    }

    @Test("what cannot be recorded has an exit code and a reason")
    func refused() async throws {
        try await withFolder { folder in
            #expect(try await bhav(["record", "NOSUCH"], folder).status == 66)
            #expect(try await bhav(["record"], folder).status == 64)
            #expect(try await bhav(["record", "NIFTY", "--expiries", "0"], folder).status == 64)
            #expect(try await bhav(["record", "NIFTY", "--format", "csv"], folder).status == 64)
            let vix = try await bhav(["record", "INDIAVIX"], folder)
            #expect(vix.status == 64, "\(vix.errors)")
            #expect(vix.errors.contains("not_supported"))
        }
    }
}
