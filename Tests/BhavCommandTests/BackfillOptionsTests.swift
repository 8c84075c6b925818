import Foundation
import Testing

@Suite("Options of backfill", .serialized)
struct BackfillOptionsTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-options-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func bhav(_ arguments: [String], _ folder: String) async throws -> BhavProcess.Result {
        try await BhavProcess.run(arguments + ["--mock"], environment: ["BHAV_DATA": folder])
    }

    @Test("a dry run reports missing bars and requests, and creates nothing")
    func dryRun() async throws {
        try await withFolder { folder in
            let days = ["-i", "1h", "--from", "2026-03-02", "--to", "2026-03-03", "--page", "20"]
            let before = try await bhav(["backfill", "NIFTY", "BANKNIFTY", "--dry-run"] + days, folder)
            #expect(before.status == 0)
            #expect(before.numbers(in: "NSE:NIFTY 1h") == [48, 3], "\(before.errors)")
            #expect(before.numbers(in: "NSE:BANKNIFTY 1h") == [48, 3])
            #expect(!FileManager.default.fileExists(atPath: folder))
            _ = try await bhav(["backfill", "NIFTY"] + days, folder)
            let after = try await bhav(["backfill", "NIFTY", "BANKNIFTY", "--dry-run"] + days, folder)
            #expect(after.numbers(in: "NSE:NIFTY 1h").isEmpty, "\(after.errors)")
            #expect(after.numbers(in: "NSE:BANKNIFTY 1h") == [48, 3])
            #expect(try await bhav(["store", "jobs"], folder).lines.count == 2)
        }
    }

    @Test("a quiet backfill reports only series that are not complete")
    func quiet() async throws {
        try await withFolder { folder in
            let days = ["-i", "1d", "--from", "2026-03-02", "--to", "2026-03-03", "--quiet"]
            let good = try await bhav(["backfill", "NIFTY", "BANKNIFTY"] + days, folder)
            #expect(good.status == 0)
            #expect(good.errors.isEmpty, "\(good.errors)")
            let bad = try await bhav(["backfill", "NIFTY", "NSE:NOSUCHTHING"] + days, folder)
            #expect(bad.status == 2)
            #expect(!bad.errors.contains("NSE:NIFTY 1d"), "\(bad.errors)")
            #expect(bad.errors.contains("FAILED  NSE:NOSUCHTHING"))
        }
    }

    @Test("--from takes days, weeks, years and hours ago; the same text on the same day is the same job")
    func ago() async throws {
        try await withFolder { folder in
            for (text, interval, least, most) in [
                ("3d", "1d", 3, 4), ("1w", "1d", 7, 8), ("1y", "1d", 365, 366), ("25h", "1h", 24, 25),
            ] {
                let range = ["-i", interval, "--from", text]
                let said = try await bhav(["backfill", "NIFTY", "--dry-run"] + range, folder).errors
                let count = said.split(separator: " ").compactMap { Int($0) }.first ?? -1
                #expect((least...most).contains(count), "\(text): \(said)")
            }
            let bad = try await bhav(["backfill", "NIFTY", "--from", "3x"], folder)
            #expect(bad.status == 64)
            #expect(bad.errors.contains("'3x'"))
        }
    }
}
