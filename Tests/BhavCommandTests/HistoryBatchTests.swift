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

    @Test("rows begin with their symbol under one header, and each symbol's outcome is said")
    func rows() async throws {
        let result = try await BhavProcess.run(
            ["history", "NIFTY", "NSE:NOSUCH", "BANKNIFTY", "-n", "2", "--pause", "0", "--mock"])
        #expect(result.status == 2)
        #expect(
            result.lines.map { $0.prefix { $0 != "," } } == ["symbol"] + Array(repeating: "NSE:NIFTY", count: 2)
                + Array(repeating: "NSE:BANKNIFTY", count: 2))
        #expect(result.errors.contains("FAILED  NSE:NOSUCH  symbol_not_found"))
        #expect(result.errors.contains("2 of 3 symbols"))
    }

    @Test("a folder gets a file a symbol, and what is there is not fetched again")
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
            #expect(second.errors.contains("is there already"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            let third = try await BhavProcess.run(arguments + ["--overwrite"])
            #expect(third.status == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("time,open"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
        }
    }

    @Test("a file of symbols may have comments; a line that is no symbol is named")
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
        }
    }

    @Test("where nothing could be had the exit code is that of the failure")
    func nothing() async throws {
        let result = try await BhavProcess.run(["history", "NSE:NOSUCH", "NSE:NEITHER", "--mock"])
        #expect(result.status == 66)
        #expect(result.output.isEmpty)
    }
}
