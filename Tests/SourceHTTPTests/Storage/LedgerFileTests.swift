import Foundation
import MarketData
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("a ledger in a file")
struct LedgerFileTests {
    func withPath<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body("\(folder)/new/requests.json")
    }

    @Test("another process reads back everything written")
    func roundTrip() throws {
        let now = india("2026-11-20 10:00")
        let stop = Cooldown(cause: .refused, reason: "status 405", until: now.advanced(bySeconds: 60))
        let kept = RequestLedger(
            day: day("2026-11-20"), requests: 7, lastRequest: now, stop: stop)
        try withPath { path in
            try LedgerFile(path: path).change { $0 = kept }
            #expect(try LedgerFile(path: path).change { $0 } == kept)
        }
    }

    @Test("eight concurrent writers that count to a thousand lose nothing")
    func together() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/requests.json"
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let file = LedgerFile(path: path)
                    for _ in 0..<125 { try file.change { $0.requests += 1 } }
                }
            }
            try await group.waitForAll()
        }
        #expect(try LedgerFile(path: path).change { $0.requests } == 1000)
    }

    @Test("a file that holds something else is an error that says what to do, and is not changed")
    func unreadable() throws {
        try withPath { path in
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "{".write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: JSONFileError.self) { try LedgerFile(path: path).change { $0.requests = 1 } }
            #expect(error?.words.contains("delete it") == true)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "{")
        }
    }
}
