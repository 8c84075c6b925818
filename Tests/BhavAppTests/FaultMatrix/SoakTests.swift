import Foundation
import MarketData
import MarketHub
import MarketServer
import Synchronization
import TestSupport
import Testing
import UpstreamSimulator

/// Random faults of all kinds, clock jumps, and viewers of which some are slow or mute.
/// `BHAV_FAULT_SOAK_MINUTES=10` runs it (`make fault-soak`); `BHAV_FAULT_SOAK_SEED` repeats a run's faults.
@Suite("The soak under faults", .serialized)
struct SoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let minutes = environment["BHAV_FAULT_SOAK_MINUTES"].flatMap(Double.init)
    private static let symbols = (1...50).map {
        Symbol(exchange: "NSE", ticker: "MOCK" + String(1000 + $0).dropFirst())
    }
    private static let viewerCount = 300
    private static let slowCount = 30

    @Test(
        "every viewer's bars equal the market's at the end, and memory and descriptors stay bounded",
        .enabled(if: minutes != nil), .timeLimit(.minutes(180)))
    func soak() async throws {
        let seed = SoakTests.environment["BHAV_FAULT_SOAK_SEED"].flatMap(UInt64.init) ?? 13
        let shift = ClockShift()
        var settings = LiveServer.Settings()
        settings.clock = { SystemClock.now().advanced(bySeconds: shift.seconds) }
        settings.limits.slowClientTime = .seconds(10)
        let folder = FileManager.default.temporaryDirectory.appending(path: "bhav-soak-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        settings.folder = folder.path
        let end = ContinuousClock.now + .seconds((SoakTests.minutes ?? 0) * 60)
        let report = try await LiveServer.with(settings) { server in
            let viewers = SoakTests.viewers()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for viewer in viewers { group.addTask { try await viewer.run(port: server.port) } }
                defer { group.cancelAll() }
                var ledger = SoakLedger()
                try await waitUntil("bars stream", within: .seconds(120)) {
                    viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount).allSatisfy { $0.seen.lastBar.count > 0 }
                }
                async let faults: Int = SoakTests.strike(server, shift, seed: seed, until: end)
                while ContinuousClock.now < end {
                    try await Task.sleep(for: .seconds(15))
                    let prompt = Array(viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount))
                    try ledger.settle(prompt, server, before: SystemClock.now().advanced(bySeconds: -120))
                    ledger.sample()
                }
                ledger.faults = try await faults
                // Upstream works again: everything must recover.
                let health = ContinuousClock.now
                let prompt = viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount)
                while ContinuousClock.now - health < .seconds(60) {
                    if prompt.allSatisfy({ $0.hasBars(after: health + .milliseconds(300)) }) { break }
                    try await Task.sleep(for: .milliseconds(50))
                }
                ledger.away = SoakTests.away(prompt, server, since: health + .milliseconds(300))
                ledger.back = ContinuousClock.now - health
                for viewer in viewers { viewer.catchUp() }
                try await Task.sleep(for: .seconds(20))
                try ledger.settle(viewers, server, before: SystemClock.now().advanced(bySeconds: -3))
                return ledger
            }
        }
        print(report.text)
        #expect(report.wrong == 0 && report.lost == 0 && report.doubled == 0)
        #expect(report.back < .seconds(30) && report.away.isEmpty)
        #expect(report.compared > SoakTests.viewerCount)
    }

    /// The series that did not come back, with what the server says of them.
    private static func away(
        _ viewers: ArraySlice<StreamViewer>, _ server: LiveServer, since instant: ContinuousClock.Instant
    ) -> [String] {
        let symbols = Set(viewers.filter { !$0.hasBars(after: instant) }.flatMap(\.symbols))
        let states = server.hub.subscriptions.map { "\($0)" }
        return symbols.map(\.description).sorted().map { name in
            name + ": " + states.filter { $0.contains(name.split(separator: ":").last ?? "?") }.joined(separator: "; ")
        }
    }

    /// Each symbol has six viewers; a tenth of all is slow or mute.
    private static func viewers() -> [StreamViewer] {
        (0..<viewerCount).map { number in
            let slow = number - (viewerCount - slowCount)
            let manner: StreamViewer.Manner =
                slow < 0 ? .prompt : slow.isMultiple(of: 2) ? .slow(.milliseconds(1500)) : .mute
            return StreamViewer([symbols[number % symbols.count]], quotes: number < 100, manner: manner)
        }
    }

    /// Strikes with one fault after the other until the end.
    /// - Returns: How many there were.
    private static func strike(
        _ server: LiveServer, _ shift: ClockShift, seed: UInt64, until end: ContinuousClock.Instant
    ) async throws -> Int {
        var random = SeededGenerator(seed: seed)
        let rows = FaultRow.all.filter { $0.clockShift == 0 }
        var count = 0
        while ContinuousClock.now < end - .seconds(15) {
            try await Task.sleep(for: .seconds(Double.random(in: 2...8, using: &random)))
            if Int.random(in: 0..<6, using: &random) == 0 {
                shift.seconds = Int64.random(in: -7200...7200, using: &random)
                count += 1
            }
            guard let row = rows.randomElement(using: &random) else { continue }
            await row.begin(server.simulator, server.proxy)
            try await Task.sleep(for: .seconds(min(row.seconds, Double.random(in: 1...10, using: &random))))
            await row.end(server.simulator, server.proxy)
            count += 1
        }
        return count
    }
}

/// By how much the server's clock is wrong.
private final class ClockShift: Sendable {
    private let state = Mutex<Int64>(0)

    var seconds: Int64 {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// What a soak found, and the process's memory and descriptors over time.
private struct SoakLedger: Sendable {
    var faults = 0
    var back = Duration.zero
    var away: [String] = []
    private(set) var compared = 0
    private(set) var wrong = 0
    private(set) var wrongAtFirst = 0
    private(set) var lost = 0
    private(set) var doubled = 0
    private(set) var connections = 0
    private var samples: [(seconds: Double, kilobytes: Double, descriptors: Int)] = []
    private var settledThrough: Timestamp?
    private let start = ContinuousClock.now

    /// Compares the bars that viewers got before an instant, and drops them.
    mutating func settle(_ viewers: [StreamViewer], _ server: LiveServer, before cut: Timestamp) throws {
        let through = Timestamp(seconds: cut.seconds)
        // A viewer that was slow reaches back further than the others of its symbol.
        var starts: [Symbol: Timestamp] = [:]
        for viewer in viewers {
            for (symbol, finals) in viewer.seen.finals {
                guard let first = finals.keys.min() else { continue }
                starts[symbol] = min(starts[symbol] ?? first, first, settledThrough ?? first)
            }
        }
        let truths = try starts.reduce(into: [Symbol: [Timestamp: Bar]]()) { truths, start in
            let from = start.value.advanced(bySeconds: -30)
            guard from < through else { return }
            truths[start.key] = try server.truth(of: start.key, from: from, through: through)
        }
        for viewer in viewers {
            for symbol in viewer.symbols {
                let found = viewer.settle(symbol, through: through, truth: truths[symbol] ?? [:])
                compared += found.compared
                wrong += found.wrong
                wrongAtFirst += found.wrongAtFirst
                lost += found.lost
            }
        }
        settledThrough = through
        doubled = viewers.reduce(0) { $0 + $1.seen.doubled }
        connections = viewers.reduce(0) { $0 + $1.seen.connections }
    }

    /// Notes memory and descriptors.
    mutating func sample() {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        let resident = pages.flatMap { $0.count > 1 ? Double($0[1]) : nil } ?? 0
        let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0
        samples.append(((ContinuousClock.now - start) / .seconds(1), resident * 4, descriptors))
    }

    /// Kilobytes a minute, by least squares over the second half.
    private var slope: Double {
        let half = samples.suffix(samples.count / 2)
        guard half.count > 2 else { return 0 }
        let count = Double(half.count)
        let meanX = half.reduce(0) { $0 + $1.seconds } / count
        let meanY = half.reduce(0) { $0 + $1.kilobytes } / count
        let above = half.reduce(0) { $0 + ($1.seconds - meanX) * ($1.kilobytes - meanY) }
        let below = half.reduce(0) { $0 + ($1.seconds - meanX) * ($1.seconds - meanX) }
        return below > 0 ? above / below * 60 : 0
    }

    var text: String {
        let descriptors = samples.suffix(samples.count / 2).map(\.descriptors)
        return """
            soak: \(faults) faults; \(compared) final bars compared at viewers over \(connections) connections
            soak: \(wrong) wrong, \(lost) lost, \(doubled) doubled; \(wrongAtFirst) were wrong at first and revised
            soak: all bars back \((back / .seconds(1)).formatted(.number.precision(.fractionLength(1)))) s after health
            soak: not back: \(away.isEmpty ? "none" : away.joined(separator: " | "))
            soak: memory \(Int(samples.last?.kilobytes ?? 0)) kB, slope \(Int(slope)) kB a minute over the second half
            soak: descriptors \(descriptors.min() ?? 0) to \(descriptors.max() ?? 0) in the second half
            """
    }
}
