import Foundation
import MarketData
import TestSupport
import Testing
import UpstreamSimulator

/// Random faults of all kinds, clock jumps, and viewers of which some are slow or mute. The server is in a separate
/// process (`SoakServer`), so that memory and descriptors are the server's alone.
/// `BHAV_FAULT_SOAK_MINUTES=10` runs it (`make fault-soak`); `BHAV_FAULT_SOAK_SEED` repeats a run's faults, and
/// `BHAV_FAULT_SOAK_VIEWERS=30` makes it small enough for a busy machine.
@Suite("The soak under faults", .serialized)
struct SoakTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let minutes = environment["BHAV_FAULT_SOAK_MINUTES"].flatMap(Double.init)
    private static let viewerCount = environment["BHAV_FAULT_SOAK_VIEWERS"].flatMap(Int.init) ?? 300
    private static let slowCount = viewerCount / 10
    private static let symbols = (1...max(1, viewerCount / 6)).map {
        Symbol(exchange: "NSE", ticker: "MOCK" + String(1000 + $0).dropFirst())
    }

    @Test(
        "every viewer's bars equal the market's at the end, and memory and descriptors stay bounded",
        .enabled(if: minutes != nil), .timeLimit(.minutes(180)))
    func soak() async throws {
        let seed = SoakTests.environment["BHAV_FAULT_SOAK_SEED"].flatMap(UInt64.init) ?? 13
        let end = ContinuousClock.now + .seconds((SoakTests.minutes ?? 0) * 60)
        let report = try await SoakServer.with { server in
            let viewers = SoakTests.viewers()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for viewer in viewers { group.addTask { try await viewer.run(port: server.port) } }
                defer { group.cancelAll() }
                var ledger = SoakLedger()
                try await waitUntil("bars stream", within: .seconds(120)) {
                    viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount).allSatisfy { $0.seen.lastBar.count > 0 }
                }
                async let faults = SoakTests.strike(server, seed: seed, until: end)
                while ContinuousClock.now < end {
                    try await Task.sleep(for: .seconds(15))
                    let prompt = Array(viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount))
                    try ledger.settle(
                        prompt, server.simulator, before: SystemClock.now().advanced(bySeconds: -120))
                    try ledger.sample(server)
                }
                ledger.faults = try await faults
                // Upstream works again: everything must recover.
                let health = ContinuousClock.now
                let prompt = viewers.prefix(SoakTests.viewerCount - SoakTests.slowCount)
                while ContinuousClock.now - health < .seconds(60) {
                    if prompt.allSatisfy({ $0.hasBars(after: health + .milliseconds(300)) }) { break }
                    try await Task.sleep(for: .milliseconds(50))
                }
                ledger.away = await SoakTests.away(prompt, server, since: health + .milliseconds(300))
                ledger.back = ContinuousClock.now - health
                // Slow viewers now read what waits for them, up to here.
                let cut = SystemClock.now()
                for viewer in viewers { viewer.catchUp() }
                try await waitUntil("slow viewers have read all", within: .seconds(120)) {
                    viewers.allSatisfy { $0.hasRead(through: cut) }
                }
                try ledger.settle(viewers, server.simulator, before: cut.advanced(bySeconds: -3))
                try ledger.sample(server)
                return ledger
            }
        }
        print(report.text)
        #expect(report.wrong == 0 && report.lost == 0 && report.doubled == 0)
        #expect(report.back < .seconds(30) && report.away.isEmpty)
        #expect(report.compared > SoakTests.viewerCount)
        // Before that, what grows is what the server keeps by design: windows of recent bars, caches, pages of the store.
        if SoakTests.minutes ?? 0 >= 20 {
            #expect(report.slope < 100)
            #expect(abs(report.descriptorSlope) < 1)
        }
    }

    /// The series that did not come back, with what the server says of them.
    private static func away(
        _ viewers: ArraySlice<StreamViewer>, _ server: SoakServer, since instant: ContinuousClock.Instant
    ) async -> [String] {
        let symbols = Set(viewers.filter { !$0.hasBars(after: instant) }.flatMap(\.symbols))
        guard !symbols.isEmpty else { return [] }
        let states = await server.subscriptions()
        return symbols.map(\.description).sorted().map { name in
            "\(name) (\(states[name] ?? "no subscription"))"
        }
    }

    /// Each symbol has six viewers; a tenth of all is slow or mute.
    private static func viewers() -> [StreamViewer] {
        (0..<viewerCount).map { number in
            let slow = number - (viewerCount - slowCount)
            let manner: StreamViewer.Manner =
                slow < 0 ? .prompt : slow.isMultiple(of: 2) ? .slow(.milliseconds(1500)) : .mute
            return StreamViewer([symbols[number % symbols.count]], quotes: number < viewerCount / 3, manner: manner)
        }
    }

    /// Strikes with one fault after the other until the end.
    /// - Returns: When each began, and its name.
    private static func strike(
        _ server: SoakServer, seed: UInt64, until end: ContinuousClock.Instant
    ) async throws -> [(Timestamp, String)] {
        var random = SeededGenerator(seed: seed)
        let rows = FaultRow.all.filter { $0.clockShift == 0 }
        var faults: [(Timestamp, String)] = []
        while ContinuousClock.now < end - .seconds(15) {
            try await Task.sleep(for: .seconds(Double.random(in: 2...8, using: &random)))
            if Int.random(in: 0..<6, using: &random) == 0 {
                let seconds = Int64.random(in: -7200...7200, using: &random)
                faults.append((SystemClock.now(), "our clock off by \(seconds) s"))
                try server.shiftClock(bySeconds: seconds)
            }
            guard let row = rows.randomElement(using: &random) else { continue }
            faults.append((SystemClock.now(), row.name))
            await row.begin(server.simulator, server.proxy)
            try await Task.sleep(for: .seconds(min(row.seconds, Double.random(in: 1...10, using: &random))))
            await row.end(server.simulator, server.proxy)
        }
        return faults
    }
}
