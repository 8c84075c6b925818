import Foundation
import TestSupport
import Testing
import UpstreamSimulator

/// `kill -9` at random moments of a backfill. `BHAV_KILLS` says how often (50 is what is promised; a few by default).
@Suite("A backfill that is killed", .serialized)
struct BackfillKillTests {
    private static let kills = ProcessInfo.processInfo.environment["BHAV_KILLS"].flatMap { Int($0) } ?? 8
    private static let symbols = ["NSE:NIFTY", "NSE:BANKNIFTY"]
    private static let intervals = ["5m", "1h"]
    private static let span = ["--from", "2026-10-01", "--to", "2026-10-30"]
    private static let backfill =
        ["backfill"] + symbols + ["-i", intervals.joined(separator: ",")] + span + ["--page", "150", "--pause", "20"]

    @Test("loses nothing it reported as stored, duplicates nothing, and ends with the bytes of one clean run")
    func killed() async throws {
        let folder = NSTemporaryDirectory() + "bhav-kill-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await UpstreamSimulator.withRunning(SimulatorConfiguration(scenario: .exchangeHours)) { simulator, port in
            let environment = Dictionary(simulator.environment(port: port).map { ($0.name, $0.value) }) { $1 }
            let clean = Store(folder: "\(folder)/clean", environment: environment)
            let start = ContinuousClock.now
            let whole = try await BhavProcess.run(Self.backfill, environment: clean.environment)
            var seconds = (ContinuousClock.now - start) / .seconds(1)
            #expect(whole.status == 0, "\(whole.errors)")
            let expected = try await clean.exports()
            #expect(expected.values.allSatisfy { $0.count > 100 })
            var random = SeededGenerator(seed: 20_261_123)
            var killed = 0
            var generation = 0
            while killed < Self.kills {
                generation += 1
                try #require(generation < 20 * Self.kills, "the backfill ends before it can be killed")
                let store = Store(folder: "\(folder)/\(generation)", environment: environment)
                let more = try await killUntilWhole(store, seconds, expected, &random, most: Self.kills - killed)
                killed += more
                // The first run may have been the slowest: then every kill comes too late.
                if more == 0 { seconds /= 2 }
                try FileManager.default.removeItem(atPath: store.folder)
            }
            print("killed \(killed) times over \(generation) stores, a clean run takes \(seconds) s")
        }
    }

    /// Runs the same backfill again and again, killing it at random moments, until one run ends by itself; after each
    /// kill the store is looked at. Returns how often it was killed.
    private func killUntilWhole(
        _ store: Store, _ seconds: Double, _ expected: [String: [Substring]], _ random: inout SeededGenerator, most: Int
    ) async throws -> Int {
        var killed = 0
        var kept: [String: [Substring]] = [:]
        while killed < most, try await store.backfill(killedAfter: Double.random(in: 0..<seconds * 0.7, using: &random))
        {
            killed += 1
            kept = try await look(at: store, after: kept, expected)
        }
        let last = try await BhavProcess.run(Self.backfill, environment: store.environment)
        #expect(last.status == 0, "\(last.errors)")
        #expect(try await store.exports() == expected)
        let check = try await BhavProcess.run(["store", "check"], environment: store.environment)
        #expect(check.status == 0, "\(check.errors)")
        let jobs = try await BhavProcess.run(
            ["store", "jobs", "--format", "csv"], environment: store.environment)
        #expect(jobs.lines.dropFirst().allSatisfy { $0.contains(",4,4,0,0,0,") }, "\(jobs.output)")
        return killed
    }

    /// What was there before is there still, and all of it is what a clean run has.
    private func look(
        at store: Store, after kept: [String: [Substring]], _ expected: [String: [Substring]]
    ) async throws -> [String: [Substring]] {
        guard FileManager.default.fileExists(atPath: store.folder + "/market.sqlite") else {
            #expect(kept.isEmpty)
            return kept
        }
        let check = try await BhavProcess.run(["store", "check"], environment: store.environment)
        // A process that ended before its store was made leaves one that the next writer finishes.
        guard check.status == 0 else {
            #expect(check.status == 78 && kept.isEmpty, "\(check.errors)")
            return kept
        }
        let now = try await store.exports()
        for (series, lines) in kept {
            #expect(Set(lines).isSubset(of: now[series] ?? []), "bars of \(series) are lost")
        }
        for (series, lines) in now {
            #expect(Set(lines).isSubset(of: expected[series] ?? []), "bars of \(series) are not those of a clean run")
            #expect(Set(lines).count == lines.count, "bars of \(series) are doubled")
        }
        return now
    }

    private struct Store {
        let folder: String
        let environment: [String: String]

        init(folder: String, environment: [String: String]) {
            self.folder = folder
            self.environment = environment.merging(["BHAV_DATA": folder]) { $1 }
        }

        /// Every stored series as csv.
        func exports() async throws -> [String: [Substring]] {
            var exports: [String: [Substring]] = [:]
            for symbol in BackfillKillTests.symbols {
                for interval in BackfillKillTests.intervals {
                    let arguments = ["export", symbol, "-i", interval] + BackfillKillTests.span
                    let lines = try await BhavProcess.run(arguments, environment: environment).lines.dropFirst()
                    if !lines.isEmpty { exports["\(symbol) \(interval)"] = Array(lines) }
                }
            }
            return exports
        }

        /// Starts the backfill and kills it after a while; `false` where it had ended by then.
        func backfill(killedAfter seconds: Double) async throws -> Bool {
            let process = BhavProcess.process(
                BackfillKillTests.backfill, environment.merging(["HOME": folder]) { $1 })
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            try await Task.sleep(for: .seconds(seconds))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return process.terminationReason == .uncaughtSignal
        }
    }
}
