import Foundation
import TestSupport
import Testing
import UpstreamSimulator

@Suite("Commands on the store", .serialized)
struct StoreCommandTests {
    private static let march = ["--interval", "5m", "--from", "2026-03-02", "--to", "2026-03-06"]

    /// A folder for data that is gone after the test.
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func bhav(_ arguments: [String], _ folder: String) async throws -> BhavProcess.Result {
        try await BhavProcess.run(arguments + ["--mock"], environment: ["BHAV_DATA": folder])
    }

    @Test("what backfill fetched is complete in gaps, and export prints it as history does")
    func wholeWay() async throws {
        try await withFolder { folder in
            let first = try await bhav(["backfill", "NIFTY", "BANKNIFTY"] + Self.march, folder)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.numbers(in: "NSE:NIFTY 5m").first == 1440)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/simulated.sqlite"))
            let again = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            #expect(again.status == 0)
            #expect(again.numbers(in: "NSE:NIFTY 5m").isEmpty)
            let gaps = try await bhav(["gaps", "NIFTY"] + Self.march, folder)
            #expect(gaps.status == 0, "\(gaps.errors)")
            #expect(gaps.output == "from,to,state,reason\n1772389800,1772821800,had,\n")
            let exported = try await bhav(["export", "NIFTY"] + Self.march, folder)
            let history = try await bhav(["history", "NIFTY"] + Self.march, folder)
            #expect(exported.status == 0, "\(exported.errors)")
            #expect(exported.output == history.output)
            #expect(exported.errors.contains("source store, SIMULATED"))
        }
    }

    @Test("gaps lists what is missing and exits with 2")
    func gaps() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY", "-i", "1h", "--from", "2026-03-02", "--to", "2026-03-02"], folder)
            _ = try await bhav(["backfill", "NIFTY", "-i", "1h", "--from", "2026-03-05", "--to", "2026-03-05"], folder)
            let range = ["-i", "1h", "--from", "2026-03-02", "--to", "2026-03-05"]
            let gaps = try await bhav(["gaps", "NIFTY"] + range, folder)
            #expect(gaps.status == 2)
            #expect(
                gaps.output == """
                    from,to,state,reason
                    1772389800,1772476200,had,
                    1772476200,1772649000,missing,
                    1772649000,1772735400,had,

                    """)
            let repaired = try await bhav(["backfill", "NIFTY"] + range, folder)
            #expect(repaired.numbers(in: "ok ").first == 48, "\(repaired.errors)")
            #expect(try await bhav(["gaps", "NIFTY"] + range, folder).status == 0)
        }
    }

    @Test(
        "a range without a start, or one that is too long, is a usage error", arguments: ["backfill", "gaps"])
    func badRange(command: String) async throws {
        try await withFolder { folder in
            let long = try await bhav([command, "NIFTY", "-i", "1s", "--from", "1990-01-01"], folder)
            #expect(long.status == 64)
            #expect(long.errors.contains("too_large"))
            let open = try await bhav([command, "NIFTY", "--to", "2026-03-02"], folder)
            #expect(open.status == 64)
            #expect(open.errors.contains("--from"))
        }
    }

    @Test("a backfill of several intervals is a job that is listed and resumed until it is complete")
    func jobs() async throws {
        try await withFolder { folder in
            let range = ["--from", "2026-03-02", "--to", "2026-03-03"]
            let first = try await bhav(["backfill", "NIFTY", "BANKNIFTY", "-i", "1h,1d"] + range, folder)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.numbers(in: " of 4 ") == [4, 4])
            let unknown = try await bhav(["backfill", "NIFTY", "NSE:NOSUCHTHING", "-i", "1d"] + range, folder)
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("bhav backfill --resume --job 2"))
            let jobs = try await bhav(["store", "jobs"], folder)
            #expect(jobs.lines.first == "job,created,series,complete,partial,failed,waiting,bars")
            #expect(
                jobs.lines.dropFirst().map { $0.split(separator: ",").dropFirst(2).joined(separator: ",") } == [
                    "2,1,0,1,0,0", "4,4,0,0,0,100",
                ])
            let items = try await bhav(["store", "jobs", "2"], folder)
            #expect(items.lines.last?.contains(",failed,") == true)
            #expect(items.lines.last?.contains("symbol_not_found") == true)
            let again = try await bhav(["backfill", "--resume"], folder)
            #expect(again.status == 2)
            #expect(again.numbers(in: " of 2 ").contains(1), "\(again.errors)")
            #expect(try await bhav(["backfill", "--resume", "--job", "9"], folder).status == 64)
            #expect(try await bhav(["backfill", "--resume", "NIFTY"], folder).status == 64)
        }
    }

    @Test("retention lists what it would delete, deletes only with --apply, and deleted bars are not fetched again")
    func retention() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            let trial = try await bhav(["store", "retain", "--interval", "5m", "--keep", "30d"], folder)
            #expect(trial.status == 0)
            #expect(trial.numbers(in: "--apply") == [1440], "\(trial.errors)")
            #expect(try await bhav(["store", "info"], folder).output.contains(",1440,"))
            let done = try await bhav(["store", "retain", "--interval", "5m", "--keep", "30d", "--apply"], folder)
            #expect(done.numbers(in: "removed").first == 1440, "\(done.errors)")
            let gaps = try await bhav(["gaps", "NIFTY"] + Self.march, folder)
            #expect(gaps.status == 0)
            #expect(gaps.output.contains("empty,retention"), "\(gaps.output)")
            let again = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            #expect(again.numbers(in: "NSE:NIFTY 5m").isEmpty, "\(again.errors)")
            _ = try await bhav(["store", "retain", "--interval", "5m", "--keep", "forever", "--apply"], folder)
            #expect(try await bhav(["gaps", "NIFTY"] + Self.march, folder).status == 2)
            #expect(try await bhav(["store", "retain", "--interval", "5m", "--keep", "soon"], folder).status == 64)
            #expect(try await bhav(["store", "retain", "--keep", "2y"], folder).status == 64)
        }
    }

    @Test("info lists each series and the bytes per bar")
    func info() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            let info = try await bhav(["store", "info"], folder)
            #expect(
                info.output == """
                    symbol,interval,session,adjustment,backAdjusted,bars,first,last,revisions
                    NSE:NIFTY,5m,regular,splits,false,1440,1772389800,1772821500,0

                    """)
            #expect(info.errors.contains("bytes"))
            let json = try await bhav(["store", "info", "--format", "json"], folder)
            #expect((json.number(named: "bytesPerBar") ?? 0) > 50)
        }
    }

    @Test("a long export is written page by page and equals a short one in one piece")
    func pages() async throws {
        try await withFolder { folder in
            let range = ["-i", "1m", "--from", "2026-03-02", "--to", "2026-03-20"]
            _ = try await bhav(["backfill", "NIFTY"] + range, folder)
            let csv = try await bhav(["export", "NIFTY"] + range, folder)
            #expect(csv.lines.count == 1 + 19 * 1_440)
            #expect(csv.lines.dropFirst(20_000).allSatisfy { !$0.hasPrefix("time") })
            #expect(csv.output == (try await bhav(["history", "NIFTY"] + range, folder)).output)
            let json = try await bhav(["export", "NIFTY"] + range + ["--format", "json"], folder)
            #expect(json.output.count(where: { $0 == "{" }) > 19 * 1_440)
        }
    }

    @Test("json and ndjson keep each origin")
    func origins() async throws {
        try await withFolder { folder in
            let range = ["-i", "1d", "--from", "2026-03-02", "--to", "2026-03-06"]
            _ = try await bhav(["backfill", "NIFTY"] + range, folder)
            let json = try await bhav(["export", "NIFTY"] + range + ["--format", "json"], folder)
            let response = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(response["source"] as? String == "store")
            #expect(response["mode"] as? String == "simulated")
            #expect(response["complete"] as? Bool == true)
            let origins = try #require(response["origins"] as? [[String: Any]])
            #expect(origins.map { $0["source"] as? String } == ["mock"])
            #expect(origins.map { $0["bars"] as? Int } == [5])
            let rows = try await bhav(["export", "NIFTY"] + range + ["--format", "ndjson"], folder)
            #expect(rows.lines.count == 5)
            #expect(
                rows.lines.allSatisfy { $0.contains("\"source\":\"mock\"") && $0.contains("\"mode\":\"simulated\"") })
        }
    }

    @Test("an export can be imported into an empty store, and is marked as imported")
    func roundTrip() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            let file = "\(folder)/nifty.csv"
            _ = try await bhav(["export", "NIFTY"] + Self.march + ["-o", file], folder)
            let other = "\(folder)/other"
            let series = ["--symbol", "NIFTY", "--interval", "5m"]
            let imported = try await bhav(["import", file] + series, other)
            #expect(imported.status == 0, "\(imported.errors)")
            #expect(imported.numbers(in: "NSE:NIFTY 5m").prefix(2) == [1440, 1440])
            let again = try await bhav(["import", file] + series, other)
            #expect(again.numbers(in: "NSE:NIFTY 5m").prefix(2) == [1440, 0])
            let exported = try await bhav(["export", "NIFTY"] + Self.march + ["--format", "csv"], other)
            #expect(exported.output == (try String(contentsOfFile: file, encoding: .utf8)))
            #expect(exported.errors.contains("import:nifty.csv"))
            #expect(try await bhav(["gaps", "NIFTY"] + Self.march, other).status == 0)
        }
    }

    @Test(
        "an invalid file is rejected with its line, and nothing of it is stored",
        arguments: [
            ("time,open,high,low,volume,final\n", "no header"),
            ("time,open,high,low,close,volume,final,mood\n", "no bars"),
            ("\(Self.header)1772389800,1,2,1,x,,true\n", "line 2: close 'x'"),
            ("\(Self.header)\(Self.bar)1772389800,1,2,1,1.5,,true\n", "line 3: line 2"),
            ("\(Self.header)1772389801,1,2,1,2,,true\n", "line 2: 1 of 1 bars"),
            ("\(Self.header)9972389800,1,2,1,2,,true\n", "line 2: 2286-"),
        ])
    func badFile(text: String, complaint: String) async throws {
        try await withFolder { folder in
            let file = "\(folder)/bars.csv"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let result = try await bhav(["import", file, "--symbol", "NIFTY", "--interval", "5m"], folder)
            #expect(result.status == 65)
            #expect(result.errors.contains(complaint), "\(result.errors)")
            #expect(try await bhav(["gaps", "NIFTY", "-i", "5m"], folder).output.isEmpty)
        }
    }
    private static let header = "time,open,high,low,close,volume,final\n"
    private static let bar = "1772389800,1,2,1,2,,true\n"

    @Test("a backup holds what the store held, and never overwrites a file")
    func backup() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            let copies = "\(folder)/copy"
            try FileManager.default.createDirectory(atPath: copies, withIntermediateDirectories: true)
            let file = "\(copies)/simulated.sqlite"
            #expect(try await bhav(["backup", file], folder).status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: copies) == ["simulated.sqlite"])
            let copied = try await bhav(["export", "NIFTY"] + Self.march, copies)
            #expect(copied.output == (try await bhav(["export", "NIFTY"] + Self.march, folder)).output)
            #expect(try await bhav(["backup", file], folder).status == 73)
        }
    }

    @Test("a sound store passes its check, and a damaged one is exit code 65")
    func check() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            let sound = try await bhav(["store", "check"], folder)
            #expect(sound.status == 0, "\(sound.errors)")
            #expect(sound.numbers(in: "series").contains(1440))
            let path = "\(folder)/simulated.sqlite"
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: 4096 * 3)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096 * 8))
            try file.close()
            let damaged = try await bhav(["store", "check"], folder)
            #expect(damaged.status == 65)
            #expect(damaged.errors.contains(folder))
        }
    }

    @Test("an invalid folder is named before any request is sent", arguments: ["backfill", "gaps", "store"])
    func badFolder(command: String) async throws {
        try await withFolder { folder in
            let file = "\(folder)/file"
            try "".write(toFile: file, atomically: true, encoding: .utf8)
            let arguments = command == "store" ? ["store", "check"] : [command, "NIFTY", "--from", "2026-03-02"]
            let result = try await bhav(arguments, file)
            #expect(result.status == 78)
            #expect(result.errors.contains(file))
        }
    }

    @Test("a folder without write permission is exit code 73", .enabled(if: getuid() != 0, "root may write anywhere"))
    func readOnlyFolder() async throws {
        try await withFolder { folder in
            chmod(folder, 0o555)
            let result = try await bhav(["backfill", "NIFTY"] + Self.march, folder)
            chmod(folder, 0o755)
            #expect(result.status == 73)
            #expect(result.errors.contains(folder))
        }
    }

    @Test("backfill killed at any time and run again ends as one clean run does", arguments: [1, 6, 12])
    func killed(pages: Int) async throws {
        let arguments = ["backfill", "NIFTY"] + Self.march + ["--page", "60", "--mock"]
        try await withFolder { folder in
            let clean = "\(folder)/clean"
            _ = try await BhavProcess.run(arguments, environment: ["BHAV_DATA": clean])
            let expected = try await bhav(["export", "NIFTY"] + Self.march, clean)
            #expect(expected.lines.count == 1441)

            let killed = "\(folder)/killed"
            let process = BhavProcess.process(
                arguments + ["--pause", "200"], ["BHAV_DATA": killed, "HOME": folder])
            process.standardError = FileHandle.nullDevice
            try process.run()
            let acknowledged = try await bars(in: killed, atLeast: pages * 60)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)

            #expect(try await bhav(["store", "check"], killed).status == 0)
            let kept = try await bhav(["export", "NIFTY"] + Self.march, killed)
            #expect(kept.status == 2)
            #expect(kept.lines.count - 1 >= acknowledged)
            let resumed = try await BhavProcess.run(arguments, environment: ["BHAV_DATA": killed])
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.numbers(in: "ok ").first == 1441 - kept.lines.count, "\(resumed.errors)")
            #expect(try await bhav(["export", "NIFTY"] + Self.march, killed).output == expected.output)
            #expect(try await bhav(["store", "check"], killed).status == 0)
        }
    }

    /// Waits until a store that is being written holds a number of bars, as a reader beside the writer sees it.
    private func bars(in folder: String, atLeast count: Int) async throws -> Int {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            let seen = try await bhav(["export", "NIFTY"] + Self.march, folder)
            if seen.lines.count - 1 >= count { return seen.lines.count - 1 }
        }
        Issue.record("the store never held \(count) bars")
        return 0
    }

    @Test("backfill from a simulated upstream is complete, and a second run sends no requests")
    func simulatedUpstream() async throws {
        try await withFolder { folder in
            try await UpstreamSimulator.withRunning(SimulatorConfiguration(scenario: .exchangeHours)) {
                simulator, port in
                let pairs = simulator.environment(port: port).map { ($0.name, $0.value) } + [("BHAV_DATA", folder)]
                let environment = Dictionary(pairs) { $1 }
                let arguments = ["NSE:NIFTY", "-i", "1h", "--from", "2026-10-01", "--to", "2026-10-30"]
                let first = try await BhavProcess.run(["backfill"] + arguments, environment: environment)
                #expect(first.status == 0, "\(first.errors)")
                let gaps = try await BhavProcess.run(["gaps"] + arguments, environment: environment)
                #expect(gaps.status == 0, "\(gaps.output)")
                #expect(FileManager.default.fileExists(atPath: "\(folder)/market.sqlite"))
                // Nothing listens there: a request would be exit code 69.
                let away = ["TRADINGVIEW_URL": "ws://127.0.0.1:9", "BHAV_DATA": folder]
                let second = try await BhavProcess.run(["backfill"] + arguments, environment: away)
                #expect(second.status == 0, "\(second.errors)")
                let exported = try await BhavProcess.run(["export"] + arguments, environment: away)
                let history = try await BhavProcess.run(["history"] + arguments, environment: environment)
                #expect(exported.status == 0, "\(exported.errors)")
                #expect(exported.output == history.output)
            }
        }
    }
}
