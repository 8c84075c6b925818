import Foundation
import Testing

@Suite("Commands on the mock market")
struct MockMarketCommandTests {
    @Test("history in a pipe is csv, ascending, with the provenance on standard error")
    func history() async throws {
        let result = try await BhavProcess.run(["history", "NSE:NIFTY", "--interval", "5m", "--bars", "100", "--mock"])
        #expect(result.status == 0)
        #expect(result.lines.first == "time,open,high,low,close,volume,final")
        let times = result.lines.dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
        #expect(times.count == 100)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(result.errors.contains("SIMULATED"))
    }

    @Test("final bars are the same on every call")
    func stable() async throws {
        let arguments = ["history", "NIFTY", "-i", "1h", "--from", "2026-03-02", "--to", "2026-03-06", "--mock"]
        let first = try await BhavProcess.run(arguments)
        let second = try await BhavProcess.run(arguments)
        #expect(first.status == 0)
        #expect(first.output == second.output)
        #expect(first.lines.count == 1 + 5 * 24)
    }

    @Test("json is the HTTP response, with its provenance")
    func json() async throws {
        let result = try await BhavProcess.run(["history", "NIFTY", "-n", "3", "--format", "json", "--mock"])
        let response = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(response["mode"] as? String == "simulated")
        #expect((response["bars"] as? [Any])?.count == 3)
    }

    @Test("open interest's ratio is the sum of its puts over the sum of its calls")
    func openInterest() async throws {
        let result = try await BhavProcess.run(["oi", "NIFTY", "--format", "json", "--mock"])
        let response = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let strikes = try #require(response["strikes"] as? [[String: Any]])
        func sum(_ side: String) -> Double {
            strikes.compactMap { ($0[side] as? [String: Any])?["openInterest"] as? Double }.reduce(0, +)
        }
        #expect(strikes.count > 50)
        #expect(result.number(named: "putCallRatio") == sum("put") / sum("call"))
    }

    @Test("live ends after the count and prints a line of json for each")
    func live() async throws {
        let result = try await BhavProcess.run(["live", "NSE:NIFTY", "NSE:BANKNIFTY", "--count", "4", "--mock"])
        #expect(result.status == 0)
        #expect(result.lines.count == 4)
        for line in result.lines {
            let quote = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(quote?["mode"] as? String == "simulated")
        }
    }

    @Test("live ends after a time")
    func liveForATime() async throws {
        let result = try await BhavProcess.run(["live", "NIFTY", "--for", "1s", "--mock"], seconds: 20)
        #expect(result.status == 0)
        #expect(!result.lines.isEmpty)
    }

    @Test("a known symbol beside an unknown one is returned, and the exit code means partial")
    func partial() async throws {
        let result = try await BhavProcess.run(["live", "NSE:NIFTY", "NSE:NOSUCH", "--count", "2", "--mock"])
        #expect(result.status == 2)
        #expect(result.lines.count == 2)
        #expect(result.errors.contains("NSE:NOSUCH"))
    }

    @Test(
        "an unknown name is partial also where --for or --count ends the command",
        arguments: [
            ["NSE:NIFTY", "FOOX", "--for", "1s"], ["NSE:NIFTY", "NSE:NOSUCH", "--for", "1s"],
            ["NSE:NIFTY", "FOOX", "--count", "1"], ["NSE:NIFTY", "NSE:NOSUCH", "--bars", "1m", "--for", "1s"],
        ])
    func partialAtTheEnd(arguments: [String]) async throws {
        let result = try await BhavProcess.run(["live"] + arguments + ["--mock"], seconds: 20)
        #expect(result.status == 2, "\(result.errors)")
        #expect(!result.lines.isEmpty)
        #expect(result.errors.contains("symbol_not_found"))
    }

    @Test("hours ago need no time zone")
    func hoursAgo() async throws {
        let result = try await BhavProcess.run(["history", "NOWHERE:X", "-i", "1h", "--from", "3h", "--mock"])
        #expect(!result.errors.contains("time zone"), "\(result.errors)")
    }

    @Test("--output writes a file, and a file that cannot be written is exit code 73")
    func file() async throws {
        let path = NSTemporaryDirectory() + "bhav-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let written = try await BhavProcess.run(["history", "NIFTY", "-n", "2", "--mock", "-o", path])
        #expect(written.status == 0)
        #expect(written.output.isEmpty)
        #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 3)
        let refused = try await BhavProcess.run(["history", "NIFTY", "-n", "2", "--mock", "-o", "/nowhere/x.csv"])
        #expect(refused.status == 73)
        #expect(refused.errors.contains("/nowhere/x.csv"))
    }

    @Test(
        "invalid input is reported at once, by name, with its exit code",
        arguments: [
            (["history", "NIFTY", "-i", "7x", "--mock"], 64, "7x"),
            (["history", "NIFTY", "--bars", "0", "--mock"], 64, "0"),
            (["history", "NIFTY", "--bars", "1000000", "--mock"], 64, "1000000"),
            (["history", "NSE:NIF TY", "--mock"], 64, "space"),
            (["history", "NIFTY", "--from", "03-04-2026", "--mock"], 64, "2026-04-03"),
            (["history", "NIFTY", "--from", "2026-02-30", "--mock"], 64, "2026-02-30"),
            (["history", "NIFTY", "--from", "100000y", "--mock"], 64, "100000y"),
            (["history", "NOWHERE:X", "--from", "30d", "--mock"], 64, "'30d'"),
            (["history", "NIFTY", "--session", "late", "--mock"], 64, "late"),
            (["history", "NIFTYX", "--mock"], 66, "NIFTYX"),
            (["history", "NSE:NOSUCH", "--mock"], 66, "NSE:NOSUCH"),
            (["oi", "NIFTY", "--expiry", "2026-11-24x", "--mock"], 64, "2026-11-24x"),
            (["oi", "NIFTY", "--expiry", "2026-02-04", "--mock"], 66, "2026-02-04"),
            (["live", "NIFTY", "--count", "0", "--mock"], 64, "--count"),
            (["live", "NIFTY", "--for", "soon", "--mock"], 64, "soon"),
            (["simulate", "--faults", "gremlins"], 64, "gremlins"),
            (["simulate", "--scenario", "doom"], 64, "doom"),
            (["simulate", "--recording", "/nowhere"], 78, "/nowhere"),
        ] as [([String], Int32, String)])
    func badInput(arguments: [String], status: Int32, named: String) async throws {
        let result = try await BhavProcess.run(arguments, seconds: 20)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.contains(named))
        #expect(result.output.isEmpty)
    }

    @Test("an invalid setting is exit code 78")
    func configuration() async throws {
        let result = try await BhavProcess.run(["history", "NIFTY"], environment: ["USE_MOCK_DATA": "perhaps"])
        #expect(result.status == 78)
        #expect(result.errors.contains("USE_MOCK_DATA"))
    }
}
