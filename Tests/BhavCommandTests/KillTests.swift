import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import UpstreamSimulator

/// `kill -9` at random moments of every command that writes to the store. `BHAV_KILLS` says how often in total (100 is
/// what is promised; ten by default).
@Suite("Writers that are killed", .serialized)
struct KillTests {
    private static let kills =
        max(5, ProcessInfo.processInfo.environment["BHAV_KILLS"].flatMap { Int($0) } ?? 10) / 5

    /// A command that writes bars to the store.
    struct Writer: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        /// What fills the store before it.
        var before: [String] = []
        let series: [Series]
        /// The bars that are compared; all by default.
        var span: [String] = []
        /// A server stores what it gets requests for, and does not end by itself.
        var isServer = false
        /// Whether it removes bars.
        var removes = false

        var testDescription: String { arguments[arguments[0] == "store" ? 1 : 0] }
    }

    struct Series: Sendable, Hashable {
        let symbol: String
        let interval: String
    }

    private static let fetched = ["NSE:NIFTY", "NSE:BANKNIFTY"].flatMap { symbol in
        ["5m", "1h"].map { Series(symbol: symbol, interval: $0) }
    }
    private static let october = ["--from", "2026-10-01", "--to", "2026-10-30"]
    private static let written = Series(symbol: "BINANCE:BTCUSDT", interval: "1m")
    /// A file that the test writes beside the store.
    private static let importFile = ["import", "bars.csv", "--symbol", written.symbol, "--interval", written.interval]

    static let writers = [
        Writer(
            arguments: ["backfill", "NSE:NIFTY", "NSE:BANKNIFTY", "-i", "5m,1h"] + october
                + ["--page", "150", "--pause", "20"],
            series: fetched, span: october),
        Writer(arguments: importFile, series: [written]),
        Writer(
            arguments: ["store", "retain", "--interval", "1m", "--keep", "30d", "--apply"], before: importFile,
            series: [written], removes: true),
        Writer(arguments: ["serve", "--port", "0"], series: fetched, span: october, isServer: true),
    ]

    @Test("lose nothing that was stored, double nothing, and end with the bytes of one clean run", arguments: writers)
    func killed(writer: Writer) async throws {
        try await Workplace.with { place in
            let clean = try await place.store("clean", for: writer)
            let before = try await clean.exports(writer)
            let start = ContinuousClock.now
            #expect(try await place.run(writer, in: clean) == 0)
            var seconds = (ContinuousClock.now - start) / .seconds(1)
            let after = try await clean.exports(writer)
            let (fewer, more) = writer.removes ? (after, before) : (before, after)
            #expect(fewer.values.allSatisfy(\.isEmpty) && more.values.allSatisfy { $0.count > 100 })
            var random = SeededGenerator(seed: 20_261_123)
            var killed = 0
            for generation in 1... {
                try #require(generation < 20 * Self.kills, "the command ends before it can be killed")
                let store = try await place.store("\(generation)", for: writer)
                var kept = before
                let killedBefore = killed
                while killed < Self.kills {
                    let delay = Double.random(in: 0..<seconds * 0.7, using: &random)
                    guard try await place.run(writer, in: store, killedAfter: delay) == nil else { break }
                    killed += 1
                    kept = try await look(at: store, writer, between: kept, and: after)
                }
                #expect(try await place.run(writer, in: store) == 0)
                #expect(try await store.exports(writer) == after)
                #expect(try await store.bhav(["store", "check"]).status == 0)
                let jobs = try await store.bhav(["store", "jobs", "--format", "csv"])
                #expect(jobs.lines.dropFirst().allSatisfy { $0.contains(",4,4,0,0,0,") }, "\(jobs.output)")
                try FileManager.default.removeItem(atPath: store.folder)
                if killed >= Self.kills { break }
                // The first run may have been the slowest: then every kill comes too late.
                if killed == killedBefore { seconds /= 2 }
            }
        }
    }

    @Test("a recorder that is killed keeps every snapshot it reported, and none twice")
    func recorder() async throws {
        let writer = Writer(arguments: ["record", "NIFTY", "--mock", "--format", "ndjson"], series: [])
        try await Workplace.with { place in
            let store = try await place.store("record", for: writer)
            var random = SeededGenerator(seed: 20_261_124)
            var reported: [Substring] = []
            var killed = 0
            // A test that kills before the first snapshot each time would show nothing.
            while killed < Self.kills || (reported.isEmpty && killed < 50) {
                killed += 1
                let delay = Double.random(in: 0.1..<2.5, using: &random)
                #expect(try await place.run(writer, in: store, killedAfter: delay) == nil)
                // A line that was cut reports nothing.
                let output = try String(contentsOfFile: place.output, encoding: .utf8)
                let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                reported += lines.compactMap { $0.firstMatch(of: /"asOf":"([^"]+)"/)?.output.1 }
                guard let last = reported.last else { continue }
                let check = try await store.bhav(["store", "check", "--mock"])
                #expect(check.status == 0, "\(check.errors)")
                let gaps = try await store.bhav(["gaps", "NIFTY", "--open-interest", "--mock"])
                #expect((gaps.numbers(in: "snapshots").first ?? 0) >= reported.count, "\(gaps.errors)")
                let past = try await store.bhav(["oi", "NIFTY", "--at", String(last), "--format", "json", "--mock"])
                #expect(past.output.contains("\"asOf\":\"\(last)\""), "\(past.errors)")
            }
            #expect(Set(reported).count == reported.count)
            #expect(!reported.isEmpty)
        }
    }

    /// What a killed command left: each series lies between what was there before it and what a clean run leaves.
    private func look(
        at store: Workplace.Store, _ writer: Writer, between before: [Series: [Substring]],
        and after: [Series: [Substring]]
    ) async throws -> [Series: [Substring]] {
        let check = try await store.bhav(["store", "check"])
        // A process that ended before its store was made leaves one that the next writer finishes.
        guard check.status == 0 else {
            #expect(check.status == 78 && before.values.allSatisfy(\.isEmpty), "\(check.errors)")
            return before
        }
        let now = try await store.exports(writer)
        for series in writer.series {
            let lines = now[series] ?? []
            let (least, most) = writer.removes ? (after, before) : (before, after)
            #expect(Set(least[series] ?? []).isSubset(of: lines), "bars of \(series) are lost")
            #expect(Set(lines).isSubset(of: most[series] ?? []), "bars of \(series) are not those of a clean run")
            #expect(Set(lines).count == lines.count, "bars of \(series) are doubled")
        }
        return now
    }
}

/// A folder for stores, and an upstream.
private struct Workplace {
    let folder: String
    let environment: [String: String]

    /// What the last command printed.
    var output: String { "\(folder)/output" }

    static func with(_ body: @Sendable (Workplace) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "bhav-kill-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let bars = (0..<20_000).map { minute in
            let price = 42_000 + (minute * 37) % 900
            return "\(1_704_067_200 + minute * 60),\(price),\(price + 9).5,\(price - 7).25,\(price + 1),\(minute % 50)"
        }
        try (["time,open,high,low,close,volume"] + bars).joined(separator: "\n")
            .write(toFile: "\(folder)/bars.csv", atomically: true, encoding: .utf8)
        try await UpstreamSimulator.withRunning(SimulatorConfiguration(scenario: .exchangeHours)) { simulator, port in
            let environment = Dictionary(simulator.environment(port: port).map { ($0.name, $0.value) }) { $1 }
            try await body(Workplace(folder: folder, environment: environment))
        }
    }

    /// A new store, as it is before the command.
    func store(_ name: String, for writer: KillTests.Writer) async throws -> Store {
        let data = "\(folder)/\(name)"
        let store = Store(folder: data, environment: environment.merging(["BHAV_DATA": data, "HOME": data]) { $1 })
        guard !writer.before.isEmpty else { return store }
        #expect(try await store.bhav(arguments(writer.before)).status == 0)
        return store
    }

    /// Runs the command to its end, or kills it after a while.
    /// - Returns: Its exit code; `nil` where it was killed.
    func run(_ writer: KillTests.Writer, in store: Store, killedAfter seconds: Double? = nil) async throws -> Int32? {
        let process = BhavProcess.process(arguments(writer.arguments), store.environment)
        try Data().write(to: URL(fileURLWithPath: output))
        let printed = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardOutput = printed
        process.standardError = writer.isServer ? printed : FileHandle.nullDevice
        try process.run()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
            if let seconds {
                group.addTask {
                    try await Task.sleep(for: .seconds(seconds))
                    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
                }
            }
            if writer.isServer {
                group.addTask {
                    try await request(writer, of: process)
                    process.terminate()
                }
            }
            try await waitUntil("the command ends", within: .seconds(60)) { !process.isRunning }
            group.cancelAll()
        }
        return process.terminationReason == .uncaughtSignal ? nil : process.terminationStatus
    }

    /// Requests the bars of a server until each series came; gives up when the server is killed.
    private func request(_ writer: KillTests.Writer, of process: Process) async throws {
        var port: Substring?
        try await waitUntil("the server listens", within: .seconds(60)) {
            port = try String(contentsOfFile: output, encoding: .utf8)
                .firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/)?.output.1
            return port != nil || !process.isRunning
        }
        let span = "from=\(writer.span[1])&to=\(writer.span[3])"
        for series in writer.series where process.isRunning {
            let path = "/v1/bars?symbol=\(series.symbol)&interval=\(series.interval)&\(span)"
            let request = HTTPClientRequest(url: "http://127.0.0.1:\(port ?? "")\(path)")
            guard let response = try? await HTTPClient.shared.execute(request, timeout: .seconds(30)),
                (try? await response.body.collect(upTo: 1 << 24)) != nil
            else { return }
            #expect(response.status == .ok)
        }
    }

    private func arguments(_ arguments: [String]) -> [String] {
        arguments.map { $0 == "bars.csv" ? "\(folder)/bars.csv" : $0 }
    }

    struct Store {
        let folder: String
        let environment: [String: String]

        func bhav(_ arguments: [String]) async throws -> BhavProcess.Result {
            try await BhavProcess.run(arguments, environment: environment)
        }

        /// Every stored series as csv.
        func exports(_ writer: KillTests.Writer) async throws -> [KillTests.Series: [Substring]] {
            var exports: [KillTests.Series: [Substring]] = [:]
            for series in writer.series {
                let arguments = ["export", series.symbol, "-i", series.interval] + writer.span
                exports[series] = Array(try await bhav(arguments).lines.dropFirst())
            }
            return exports
        }
    }
}
