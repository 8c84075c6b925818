import Foundation
import Testing

@Suite("History of many symbols")
struct HistoryBatchTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-batch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    @Test("rows begin with their symbol under one header, and each symbol's outcome is printed")
    func rows() async throws {
        let result = try await BhavProcess.run(
            ["history", "NIFTY", "NSE:NOSUCH", "BANKNIFTY", "-n", "2", "--pause", "0", "--mock"])
        #expect(result.status == 2)
        #expect(
            result.lines.map { $0.prefix { $0 != "," } } == ["symbol"] + Array(repeating: "NSE:NIFTY", count: 2)
                + Array(repeating: "NSE:BANKNIFTY", count: 2))
        #expect(result.errors.contains("FAILED  NSE:NOSUCH  symbol_not_found"))
        #expect(result.numbers(in: " of 3 ").prefix(2) == [2, 3])
    }

    @Test("a folder gets a file per symbol, and existing files are not fetched again")
    func folder() async throws {
        try await withFolder { folder in
            let arguments = ["history", "NIFTY", "BANKNIFTY", "-n", "3", "--mock", "-o", folder]
            let first = try await BhavProcess.run(arguments)
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.isEmpty)
            let file = "\(folder)/NSE_NIFTY-1d.csv"
            #expect(try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").count == 4)
            try "mine".write(toFile: file, atomically: true, encoding: .utf8)
            let second = try await BhavProcess.run(arguments)
            #expect(second.errors.contains("NSE_NIFTY-1d.csv"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            let third = try await BhavProcess.run(arguments + ["--overwrite"])
            #expect(third.status == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("time,open"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        }
    }

    @Test("a file of symbols may have comments; an invalid line is named")
    func symbolsFile() async throws {
        try await withFolder { folder in
            let list = "\(folder)/watchlist.txt"
            try "# indices\nNIFTY\n\nBANKNIFTY # banks\nNIFTY\n".write(toFile: list, atomically: true, encoding: .utf8)
            let good = try await BhavProcess.run(["history", "--symbols", list, "-n", "1", "--mock"])
            #expect(good.status == 0, "\(good.errors)")
            #expect(good.lines.count == 3)
            try "NIFTY\nNSE:\n".write(toFile: list, atomically: true, encoding: .utf8)
            let bad = try await BhavProcess.run(["history", "--symbols", list, "-n", "1", "--mock"])
            #expect(bad.status == 64)
            #expect(bad.errors.contains("line 2"))
            #expect(bad.output.isEmpty)
            try "NIFTY\n# none\nFOOX\n".write(toFile: list, atomically: true, encoding: .utf8)
            let unknown = try await BhavProcess.run(["history", "--symbols", list, "-n", "1", "--pause", "0", "--mock"])
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("FAILED  FOOX  symbol_not_found: \(list), line 3: "), "\(unknown.errors)")
            let recording = try await BhavProcess.run(["record", "--symbols", list, "--mock"])
            #expect(recording.status == 66)
            #expect(recording.errors.contains("\(list), line 3: "), "\(recording.errors)")
        }
    }

    @Test("without any bars the exit code is that of the failure")
    func nothing() async throws {
        let result = try await BhavProcess.run(["history", "NSE:NOSUCH", "NSE:NEITHER", "--mock"])
        #expect(result.status == 66)
        #expect(result.output.isEmpty)
    }

    @Test("a bare ticker outside the symbol book fails alone among others")
    func unknownName() async throws {
        let result = try await BhavProcess.run(
            ["history", "FOO", "NIFTY", "-n", "1", "--pause", "0", "--format", "ndjson", "--mock"])
        #expect(result.status == 2)
        #expect(result.lines.count == 1)
        #expect(result.output.contains(#""mode":"simulated""#))
        #expect(result.errors.contains("FAILED  FOO  symbol_not_found"))
        #expect(result.numbers(in: " of 2 ").prefix(2) == [1, 2])
    }

    @Test("rows of several symbols have one header and the same fields, also where the first fails and one is a future")
    func sameColumns() async throws {
        let result = try await BhavProcess.run(
            ["history", "NSE:NOSUCH", "NIFTY", "NSE:NIFTY1!", "-n", "1", "--pause", "0", "--mock"])
        #expect(result.status == 2)
        #expect(result.lines.first == "symbol,time,open,high,low,close,volume,final,openInterest")
        #expect(result.lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count } == [9, 9, 9])
        let plain = try await BhavProcess.run(["history", "NIFTY", "BANKNIFTY", "-n", "1", "--pause", "0", "--mock"])
        #expect(plain.lines.first == "symbol,time,open,high,low,close,volume,final,openInterest")
        #expect(plain.lines.dropFirst().allSatisfy { $0.hasSuffix(",") })
    }

    @Test("live bars of one symbol go on where another is refused, and each line is marked simulated")
    func liveBars() async throws {
        let result = try await BhavProcess.run(
            ["live", "NIFTY", "NSE:NOSUCH", "FOO", "--bars", "1m", "--count", "2", "--mock"])
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.lines.count == 2)
        #expect(result.lines.allSatisfy { $0.contains(#""mode":"simulated""#) })
        #expect(result.errors.contains("NSE:NOSUCH: symbol_not_found"))
        #expect(result.errors.contains("FOO: symbol_not_found"))
    }
}
