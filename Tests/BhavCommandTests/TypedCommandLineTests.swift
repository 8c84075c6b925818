import Foundation
import Testing

@Suite("The command line as people type it", .serialized)
struct TypedCommandLineTests {
    private func bhav(_ arguments: [String], _ environment: [String: String] = [:]) async throws -> BhavProcess.Result {
        try await BhavProcess.run(arguments + ["--mock"], environment: environment)
    }

    @Test(
        "different spellings of one request give the same output",
        arguments: [
            (["NSE:NIFTY", "-i", "5m"], ["nifty", "-i", "5min"]), (["NSE:NIFTY", "-i", "1h"], ["NIFTY", "-i", "60"]),
            (["NSE:NIFTY", "-i", "1d"], ["NIFTY", "-i", "daily"]),
            (["NSE:RELIANCE", "-i", "1d"], ["RELIANCE", "-i", "1d"]),
            (["NSE:NIFTY", "-i", "1h"], ["NIFTY", "-i", "1 hour"]),
        ])
    func spellings(plain: [String], typed: [String]) async throws {
        let range = ["--from", "2026-03-02", "--to", "2026-03-13"]
        let first = try await bhav(["history"] + plain + range)
        #expect(first.status == 0, "\(first.errors)")
        for dates in [["--from", "02-03-2026", "--to", "13-03-2026"], ["--from", "2 Mar 2026", "--to", "20260313"]] {
            // 02-03-2026 may be the third of February.
            let isOpen = dates[1] == "02-03-2026"
            let second = try await bhav(["history"] + typed + dates)
            #expect(second.status == (isOpen ? 64 : 0), "\(second.errors)")
            if !isOpen { #expect(second.output == first.output) }
        }
    }

    @Test("today and yesterday are dates of the exchange")
    func days() async throws {
        let result = try await bhav(["history", "NIFTY", "-i", "1h", "--from", "yesterday", "--to", "yesterday"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.count == 25)
        #expect(try await bhav(["history", "NIFTY", "-i", "1m", "--from", "today"]).status == 0)
    }

    @Test("symbols may be separated by commas")
    func commas() async throws {
        let result = try await bhav(["history", "NIFTY,BANKNIFTY", "NSE:TCS", "-n", "1", "--pause", "0"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.count == 4)
    }

    @Test(
        "a mistyped command suggests the right one",
        arguments: [
            ("histroy", "history"), ("hist", "history"), ("expiry", "expiries"), ("qoutes", "quotes"),
            ("xyzzy", "--help"),
        ])
    func commands(typed: String, meant: String) async throws {
        let result = try await BhavProcess.run([typed, "NIFTY"])
        #expect(result.status == 64)
        #expect(result.errors.contains(meant))
        #expect(result.output.isEmpty)
    }

    @Test("the extension of a file decides its format, and an unsupported one is rejected before any request")
    func endings() async throws {
        let folder = NSTemporaryDirectory() + "bhav-typed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (ending, beginning) in [
            ("csv", "time,"), ("json", "{\"symbol\""), ("ndjson", "{\"time\""), ("txt", "time ("),
        ] {
            let file = "\(folder)/bars.\(ending)"
            #expect(try await bhav(["history", "NIFTY", "-n", "2", "-o", file]).status == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix(beginning), "\(ending)")
        }
        for ending in ["xlsx", "parquet"] {
            let result = try await bhav(["history", "NIFTY", "-n", "2", "-o", "\(folder)/bars.\(ending)"])
            #expect(result.status == 64)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/bars.\(ending)"))
        }
        let forced = try await bhav(["history", "NIFTY", "-n", "2", "--format", "csv", "-o", "\(folder)/bars.xlsx"])
        #expect(forced.status == 0)
    }

    @Test("BHAV_FORMAT is the default format")
    func environment() async throws {
        let result = try await bhav(["history", "NIFTY", "-n", "1"], ["BHAV_FORMAT": "ndjson"])
        #expect(result.output.hasPrefix("{\"time\""))
        let wrong = try await bhav(["history", "NIFTY", "-n", "1"], ["BHAV_FORMAT": "yaml"])
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("BHAV_FORMAT"))
    }

    @Test("open interest is JSON in a pipe, and the next expiry is the second")
    func pipe() async throws {
        let result = try await bhav(["oi", "NIFTY", "--expiry", "next"])
        #expect(result.status == 0, "\(result.errors)")
        let response = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let list = try await bhav(["expiries", "NIFTY"])
        #expect(list.lines[2].hasPrefix(response["expiry"] as? String ?? "none"))
    }

    @Test(
        "tables fit 80 columns, with the strikes around the money",
        arguments: [
            ["oi", "NIFTY"], ["chain", "BANKNIFTY"], ["pcr", "NIFTY"], ["history", "NIFTY", "-n", "5", "-i", "5m"],
            ["expiries", "NIFTY"],
        ])
    func width(arguments: [String]) async throws {
        let result = try await bhav(arguments + ["--format", "table"], ["COLUMNS": "80"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
        if ["oi", "chain"].contains(arguments[0]) {
            #expect(result.lines.count { $0.contains(where: \.isNumber) && !$0.hasPrefix("(") } == 21)
            let all = try await bhav(arguments + ["--format", "table", "--strikes", "all"])
            #expect(all.lines.count > 30)
        }
    }

    @Test("live quotes as a table fit 80 columns and say once that they are simulated")
    func live() async throws {
        let result = try await bhav(["live", "NIFTY", "--count", "3", "--format", "table"])
        #expect(result.lines.allSatisfy { $0.count <= 80 }, "\(result.output)")
        #expect(result.output.contains("SIMULATED"))
        #expect(result.lines.count == 5)
    }

    @Test("CE and PE mean calls and puts")
    func types() async throws {
        let call = try await bhav(["contract", "NIFTY", "--strike", "24000", "--type", "call"])
        let short = try await bhav(["contract", "NIFTY", "--strike", "24,000", "--type", "CE"])
        #expect(call.status == short.status)
        #expect(call.errors == short.errors)
        #expect(try await bhav(["contract", "NIFTY", "--strike", "24000", "--type", "XE"]).status == 64)
    }

    @Test("watch prints quotes, ratio, straddle and strikes, one below the other in a pipe")
    func watch() async throws {
        let result = try await bhav(["watch", "NIFTY", "BANKNIFTY", "--count", "3"], ["COLUMNS": "80"])
        #expect(result.status == 0, "\(result.errors)")
        for word in ["NSE:NIFTY", "NSE:BANKNIFTY", "PCR", "straddle", "strike", "SIMULATED"] {
            #expect(result.output.contains(word), "\(word)")
        }
        #expect(result.lines.allSatisfy { $0.count <= 80 })
        #expect(!result.output.contains("\u{1B}"))
    }
}
