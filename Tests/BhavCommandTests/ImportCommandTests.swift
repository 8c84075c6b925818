import Foundation
import Testing

@Suite("Import of files that other programs wrote", .serialized)
struct ImportCommandTests {
    private static let day = ["--interval", "5m", "--from", "2026-03-02", "--to", "2026-03-03"]

    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-import-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func bhav(_ arguments: [String], _ folder: String) async throws -> BhavProcess.Result {
        try await BhavProcess.run(arguments + ["--mock"], environment: ["BHAV_DATA": folder])
    }

    /// Imports a text and exports what came of it.
    private func roundTrip(
        _ text: String, _ folder: String, name: String = "bars.csv", interval: String = "5m", more: [String] = []
    ) async throws -> String {
        let file = "\(folder)/\(name)"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = ["import", file, "--symbol", "NIFTY", "--interval", interval] + more
        let result = try await bhav(arguments, "\(folder)/store")
        #expect(result.status == 0, "\(result.errors)")
        return try await bhav(["export", "NIFTY", "-i", interval, "--format", "csv"], "\(folder)/store").output
    }

    @Test("ndjson that is exported and imported again is the same")
    func ndjson() async throws {
        try await withFolder { folder in
            _ = try await bhav(["backfill", "NIFTY"] + Self.day, folder)
            let rows = try await bhav(["export", "NIFTY"] + Self.day + ["--format", "ndjson"], folder)
            #expect(rows.lines.count == 576)
            let csv = try await bhav(["export", "NIFTY"] + Self.day + ["--format", "csv"], folder)
            #expect(try await roundTrip(rows.output, folder, name: "bars.ndjson") == csv.output)
        }
    }

    @Test(
        "reads names in any case, an index without a name, a symbol, and times with and without a zone",
        arguments: [
            ",symbol,Open,High,Low,Close,Volume\n2026-03-02 05:30:00,NSE:NIFTY,1,2,1,2,10\n2026-03-02 05:35:00,NSE:NIFTY,2,3,1,1,\n",
            "Datetime,Open,High,Low,Close,Volume\n2026-03-02 05:30:00+05:30,1,2,1,2,10.0\n2026-03-02 00:05:00+00:00,2,3,1,1,\n",
            "\u{FEFF}\"DATE\",\"OPEN\",\"HIGH\",\"LOW\",\"CLOSE\",\"VOLUME\"\r\n1772409600000,1,2,1,2,10\r\n1772409900000,2,3,1,1,\r\n",
            "{\"time\": 1772409600, \"o\": 1, \"h\": 2, \"l\": 1, \"c\": 2, \"v\": 10}\n{\"time\":1772409900,\"o\":2,\"h\":3,\"l\":1,\"c\":1,\"v\":null}\n",
        ])
    func habits(text: String) async throws {
        try await withFolder { folder in
            let bars = try await roundTrip(text, folder)
            #expect(
                bars == """
                    time,open,high,low,close,volume,final
                    1772409600,1,2,1,2,10,true
                    1772409900,2,3,1,1,,false

                    """)
        }
    }

    @Test("with --complete the last bar is final too")
    func complete() async throws {
        try await withFolder { folder in
            let text = "date,open,high,low,close\n2026-03-02,1,2,1,2\n2026-03-03,2,3,1,1\n"
            let bars = try await roundTrip(text, folder, interval: "1d", more: ["--complete"])
            #expect(bars.hasSuffix("2,3,1,1,,true\n"), "\(bars)")
        }
    }

    @Test(
        "an invalid file is rejected with its line, and nothing of it is stored",
        arguments: [
            (
                "symbol,time,open,high,low,close\nNSE:TCS,1772409600,1,2,1,2\n",
                "line 2: the row has the symbol 'NSE:TCS'"
            ),
            ("time,open,high,low,close\n1772409600,1,2,1\n", "line 2: 4 fields, where the header names 5"),
            ("time,open,high,low,close\n02/03/2026,1,2,1,2\n", "--date-format"),
            ("{\"time\":1772409600,\"open\":1,\"high\":2,\"low\":1}\n", "no bars"),
            (
                "{\"time\":1772409600,\"open\":1,\"high\":2,\"low\":1,\"close\":2}\nnonsense\n",
                "line 2: not JSON"
            ),
        ])
    func faults(text: String, complaint: String) async throws {
        try await withFolder { folder in
            let file = "\(folder)/bars.csv"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let result = try await bhav(["import", file, "--symbol", "NIFTY", "--interval", "5m"], folder)
            #expect(result.status == 65)
            #expect(result.errors.contains(complaint), "\(result.errors)")
            #expect(try await bhav(["gaps", "NIFTY", "-i", "5m"], folder).output.isEmpty)
        }
    }

    @Test("an invalid row is skipped and counted with the option, and the others are stored")
    func skipping() async throws {
        try await withFolder { folder in
            let file = "\(folder)/bars.csv"
            let text = "time,open,high,low,close\n1772409600,1,2,1,2\nstray,,,,\n1772409900,1,2,1,2\n"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let arguments = ["import", file, "--symbol", "NIFTY", "-i", "5m"]
            #expect(try await bhav(arguments, folder).status == 65)
            let result = try await bhav(arguments + ["--skip-invalid"], folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("line 3") && result.numbers(in: "skipped") == [1])
            #expect(result.numbers(in: " new").prefix(2) == [2, 2])
        }
    }

    @Test("dates of an exchange whose hours are not known follow each other without a gap")
    func datesOfUnknownHours() async throws {
        try await withFolder { folder in
            let file = "\(folder)/bars.csv"
            let dates = ["2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04", "2026-06-09", "2026-06-10"]
            let rows = dates.map { "\($0),1,2,0.5,1.5\n" }.joined()
            try "date,open,high,low,close\n\(rows)".write(toFile: file, atomically: true, encoding: .utf8)
            for symbol in ["NASDAQ:AAPL", "ASX:BHP", "CME:ES1!"] {
                let environment = ["BHAV_DATA": "\(folder)/store"]
                _ = try await BhavProcess.run(
                    ["import", file, "--symbol", symbol, "-i", "1d"], environment: environment)
                let result = try await BhavProcess.run(["export", symbol, "-i", "1d"], environment: environment)
                #expect(result.output.split(separator: "\n").count == 7)
                let missing = "1 range is missing: from 2026-06-05T00:00:00Z to 2026-06-09T00:00:00Z\n"
                #expect(result.errors.contains(missing))
            }
        }
    }

    @Test("what is missing is one line, with a count and the first few", arguments: [1, 3, 4, 40])
    func missingLine(gaps: Int) async throws {
        try await withFolder { folder in
            let file = "\(folder)/bars.csv"
            let rows = (0...gaps).map { "\(1_772_409_600 + $0 * 900),1,2,0.5,1.5\n" }.joined()
            try "time,open,high,low,close\n\(rows)".write(toFile: file, atomically: true, encoding: .utf8)
            _ = try await bhav(["import", file, "--symbol", "NIFTY", "-i", "5m"], folder)
            let result = try await bhav(["export", "NIFTY", "-i", "5m"], folder)
            #expect(result.status == 2)
            let lines = result.errors.split(separator: "\n").filter { $0.contains("missing") }
            #expect(lines.count == 1)
            #expect(lines.first?.hasPrefix("bhav: \(gaps) range") == true)
            #expect(lines.first?.split(separator: "from ").count == min(gaps, 3) + 1)
            #expect(lines.first?.contains("\(gaps - 3) more") == (gaps > 3))
        }
    }

    @Test("every format that export writes can be imported, also with times of the exchange")
    func exported() async throws {
        try await withFolder { folder in
            let day = ["-i", "1h", "--from", "2026-03-02", "--to", "2026-03-03"]
            _ = try await bhav(["backfill", "NIFTY"] + day, folder)
            let expected = try await bhav(["export", "NIFTY"] + day + ["--format", "csv"], folder).output
            for (format, time) in [
                ("csv", "iso"), ("csv", "exchange"), ("json", "unix"), ("ndjson", "iso"), ("table", "exchange"),
                ("table", "unix"),
            ] {
                let file = "\(folder)/bars-\(format)-\(time)"
                _ = try await bhav(
                    ["export", "NIFTY"] + day + ["--format", format, "--time", time, "-o", file], folder)
                let store = "\(folder)/\(format)-\(time)"
                let result = try await bhav(["import", file, "--symbol", "NIFTY", "-i", "1h"], store)
                #expect(result.status == 0, "\(result.errors)")
                #expect(try await bhav(["export", "NIFTY"] + day + ["--format", "csv"], store).output == expected)
            }
        }
    }
}
