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
        "a dozen faults: no final bar is wrong, lost or told twice, and everything comes back", .timeLimit(.minutes(3)))
    func dozen() async throws {
        for result in try await FaultMatrixTests.run(FaultRow.dozen, pace: .quick, limit: .seconds(15), atOnce: 6) {
            #expect(result.isGood(within: .seconds(15)), "\(FaultMatrixTests.line(result))")
        }
    }

    @Test("all faults, written as a table", .enabled(if: file != nil), .timeLimit(.minutes(60)))
    func all() async throws {
        let results = try await FaultMatrixTests.run(FaultRow.all, pace: .real, limit: .seconds(45), atOnce: 10)
        try FaultMatrixTests.document(results).write(
            to: URL(fileURLWithPath: FaultMatrixTests.file ?? ""), atomically: true, encoding: .utf8)
        for result in results {
            #expect(result.isGood(within: .seconds(30)), "\(FaultMatrixTests.line(result))")
        }
    }

    private static func run(
        _ rows: [FaultRow], pace: FaultRun.Pace, limit: Duration, atOnce: Int
    ) async throws -> [FaultResult] {
        try await withThrowingTaskGroup(of: (Int, FaultResult).self) { group in
            var results: [Int: FaultResult] = [:]
            for (place, row) in rows.enumerated() {
                if place >= atOnce, let (done, result) = try await group.next() { results[done] = result }
                group.addTask { (place, try await FaultRun(row: row, pace: pace, limit: limit).run()) }
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
            result.row.name, "\(result.wrong)", "\(result.lost)", "\(result.doubled)", "\(result.gaps)",
            "\(result.repaired)", seconds(result.barsBack), seconds(result.quotesBack), seconds(result.historyBack),
            seconds(result.openInterestBack), seconds(result.readyBack),
            (result.ended.isEmpty ? result.subscriptions : result.ended.joined(separator: "; ")),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func document(_ results: [FaultResult]) -> String {
        """
        # Fault matrix

        What viewers of live bars and quotes, and whoever asked for history and open interest, saw of \(results.count) faults. Two
        instruments, bars of one second, through sockets and a TCP proxy, with the deadlines that are in use. Written by
        `make fault-matrix`; a dozen of the faults run in the test suite.

        Wrong: final bars whose figures were not the market's when they were told. Lost: bars that were never told. Doubled: the same
        final bar told twice. Times are seconds from upstream's health to the first data.

        | fault | wrong | lost | doubled | gaps | repaired | bars back | quotes back | history | open interest | ready | subscriptions after |
        |---|---|---|---|---|---|---|---|---|---|---|---|

        """
            + results.map(line).joined(separator: "\n") + "\n"
    }
}
