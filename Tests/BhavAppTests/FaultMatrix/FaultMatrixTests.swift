import Foundation
import MarketData
import TestSupport
import Testing

/// Every fault against live bars, quotes, history and open interest. `BHAV_FAULT_MATRIX=FILE` runs all of them with the
/// deadlines that are in use and writes the table there (`make fault-matrix`).
@Suite("The fault matrix", .serialized)
struct FaultMatrixTests {
    private static let file = ProcessInfo.processInfo.environment["BHAV_FAULT_MATRIX"]

    @Test(
        "under a dozen faults no final bar is wrong, lost or delivered twice, and everything recovers",
        .timeLimit(.minutes(3)))
    func dozen() async throws {
        for result in try await FaultMatrixTests.run(FaultRow.dozen, speed: .quick, limit: .seconds(15), atOnce: 6) {
            #expect(result.isGood(within: .seconds(15)), "\(FaultMatrixTests.line(result))")
        }
    }

    @Test("runs all faults and writes the table", .enabled(if: file != nil), .timeLimit(.minutes(60)))
    func all() async throws {
        let results = try await FaultMatrixTests.run(FaultRow.all, speed: .real, limit: .seconds(45), atOnce: 16)
        try FaultMatrixTests.document(results).write(
            to: URL(fileURLWithPath: FaultMatrixTests.file ?? ""), atomically: true, encoding: .utf8)
        for result in results {
            #expect(result.isGood(within: .seconds(30)), "\(FaultMatrixTests.line(result))")
        }
    }

    private static func run(
        _ rows: [FaultRow], speed: FaultRun.Speed, limit: Duration, atOnce: Int
    ) async throws -> [FaultResult] {
        try await withThrowingTaskGroup(of: (Int, FaultResult).self) { group in
            var results: [Int: FaultResult] = [:]
            for (place, row) in rows.enumerated() {
                if place >= atOnce, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (place, try await FaultRun(row: row, speed: speed, limit: limit).run()) }
            }
            for try await (done, result) in group { results[done] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private static func line(_ result: FaultResult) -> String {
        func seconds(_ duration: Duration?) -> String {
            duration.map { ($0 / .seconds(1)).formatted(.number.precision(.fractionLength(1))) } ?? "never"
        }
        let cells = [
            result.row.name, "\(result.wrong)", "\(result.lost)", "\(result.doubled)", "\(result.wrongInStore)",
            "\(result.lostInStore)", "\(result.gaps)",
            "\(result.repaired)", seconds(result.barsBack), seconds(result.quotesBack), seconds(result.historyBack),
            seconds(result.openInterestBack), seconds(result.readyBack),
            (result.ended.isEmpty ? result.subscriptions : result.ended.joined(separator: "; ")),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func document(_ results: [FaultResult]) -> String {
        """
        # Fault matrix

        What viewers of the stream, the store and HTTP clients saw of \(results.count) faults. Each fault affects a whole server: two
        WebSocket clients of `/v1/stream` follow bars of one second and quotes of two instruments, over sockets, and upstream is
        behind a TCP proxy. The deadlines are those in use. Written by `make fault-matrix`; a dozen of the faults run in the test suite.

        - wrong: final bars whose values were not the market's when they were sent.
        - lost: bars that were never sent, and messages whose number was skipped.
        - doubled: the same final bar sent twice.
        - store: final bars in the store that are wrong, and those that are missing between the first and the last one sent, 75 s later.
        - The times are seconds from upstream's recovery to the first data: bars, quotes, history (`/v1/bars`), open interest
          (`/v1/open-interest`) and `/health/ready`.

        | fault | wrong | lost | doubled | store wrong | store lost | gaps | repaired | bars | quotes | history | open interest | ready | subscriptions after |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|

        """
            + results.map(line).joined(separator: "\n") + "\n"
    }
}
