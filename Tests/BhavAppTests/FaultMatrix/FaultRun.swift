import JSON
import MarketData
import MarketHub
import Synchronization
import TestSupport
import Testing
import TradingView

/// What came of one fault.
struct FaultResult: Sendable {
    let row: FaultRow
    /// Final bars with other values than the market's, in every version that was sent.
    var wrong = 0
    /// Bars that viewers never got, and messages that were left out.
    var lost = 0
    var doubled = 0
    /// Final bars in the store with other values than the market's.
    var wrongInStore = 0
    /// Bars that the store does not have, though a viewer does.
    var lostInStore = 0
    var gaps = 0
    var repaired = 0
    /// From upstream's health to the first data; `nil` where none came in time.
    var barsBack: Duration?
    var quotesBack: Duration?
    var historyBack: Duration?
    var openInterestBack: Duration?
    var readyBack: Duration?
    var subscriptions = ""
    var ended: [String] = []

    /// Whether nothing was wrong and everything came back within the limit.
    func isGood(within limit: Duration, ready readyLimit: Duration = .seconds(10)) -> Bool {
        wrong + lost + doubled + wrongInStore + lostInStore == 0 && ended.isEmpty
            && [barsBack, quotesBack, historyBack, openInterestBack].allSatisfy { $0.map { $0 <= limit } ?? false }
            && readyBack.map { $0 <= readyLimit } ?? false
    }
}

/// Runs one fault against the whole server: viewers are clients of its stream, upstream is behind a proxy.
struct FaultRun: Sendable {
    /// How long the deadlines are.
    enum Speed: Sendable {
        /// As they are in use.
        case real
        /// A tenth, so that a fault is over within seconds.
        case quick
    }

    let row: FaultRow
    let speed: Speed
    /// The longest wait for what is to come back.
    let limit: Duration

    private static let symbols = ["NIFTY", "BANKNIFTY"].map { Symbol(exchange: "NSE", ticker: $0) }

    func run() async throws -> FaultResult {
        var settings = LiveServer.Settings()
        if speed == .quick {
            settings.heartbeatSeconds = 1
            settings.deadlines = FaultRun.quickDeadlines
        }
        let shift = row.clockShift
        settings.clock = { SystemClock.now().advanced(bySeconds: shift) }
        return try await LiveServer.with(settings) { server in
            let viewers = [StreamViewer(FaultRun.symbols), StreamViewer(FaultRun.symbols.reversed())]
            return try await withThrowingTaskGroup(of: Void.self) { group in
                for viewer in viewers { group.addTask { try await viewer.run(port: server.port) } }
                defer { group.cancelAll() }
                return try await watch(server, viewers)
            }
        }
    }

    private func watch(_ server: LiveServer, _ viewers: [StreamViewer]) async throws -> FaultResult {
        try await waitUntil("bars stream before the fault", within: .seconds(60)) {
            viewers.allSatisfy { viewer in
                let seen = viewer.seen
                return seen.messages > 12 && seen.finals.count == FaultRun.symbols.count && seen.lastQuote != nil
            }
        }
        await row.begin(server.simulator, server.proxy)
        try await Task.sleep(for: .seconds(row.seconds))
        await row.end(server.simulator, server.proxy)
        let health = ContinuousClock.now
        var result = FaultResult(row: row)
        let symbol = FaultRun.symbols[0]
        let isDayFast = row.clockShift >= 86_400
        async let history = back(since: health) {
            let response = try await server.get("/v1/bars?symbol=\(symbol)&interval=5m&count=50")
            return try response.status == 200 && response.json.list("bars")?.count == 50
        }
        async let openInterest = back(since: health) {
            let response = try await server.get("/v1/open-interest?symbol=\(symbol)")
            // A clock a day fast expects the values of the next trading day; upstream has those of the day before.
            let json = response.json
            let code = try json.object("error")?.value("code")
            if isDayFast, code == .string("no_data_for_time") { return true }
            return try response.status == 200 && json.list("strikes")?.isEmpty == false
        }
        async let ready = back(since: health) { try await server.get("/health/ready").status == 200 }
        async let bars = back(since: health) {
            viewers.allSatisfy { $0.hasBars(after: health + .milliseconds(300)) }
        }
        async let quotes = back(since: health) {
            viewers.allSatisfy { $0.seen.lastQuote.map { $0 > health + .milliseconds(300) } ?? false }
        }
        result.barsBack = await bars
        result.quotesBack = await quotes
        result.historyBack = await history
        result.openInterestBack = await openInterest
        result.readyBack = await ready
        // Late messages have arrived by now.
        try await Task.sleep(for: .seconds(speed == .quick ? 2.5 : 6))
        for viewer in viewers { try judge(viewer, server, &result) }
        try await judgeStore(viewers, server, &result)
        result.subscriptions = Set(server.hub.subscriptions.map(\.condition.state.rawValue)).sorted().joined(
            separator: ", ")
        return result
    }

    /// How long it takes until something holds; `nil` where it does not in time.
    private func back(
        since health: ContinuousClock.Instant, _ condition: @Sendable () async throws -> Bool
    ) async -> Duration? {
        while ContinuousClock.now - health < limit {
            if (try? await condition()) == true { return ContinuousClock.now - health }
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return nil }
        }
        return nil
    }

    /// Compares the bars that a viewer got with the market's own.
    private func judge(_ viewer: StreamViewer, _ server: LiveServer, _ result: inout FaultResult) throws {
        let seen = viewer.seen
        result.gaps += seen.gaps
        result.repaired += seen.repaired
        result.doubled += seen.doubled
        result.lost += seen.skipped
        result.ended += seen.ends
        for symbol in viewer.symbols {
            let finals = seen.finals[symbol] ?? [:]
            guard let first = finals.keys.min(), let last = finals.keys.max() else {
                result.lost += 1
                continue
            }
            let truth = try server.truth(of: symbol, from: first, through: last)
            result.lost += truth.keys.filter { finals[$0] == nil }.count
            result.wrong += (seen.reported[symbol] ?? []).filter { truth[$0.time] != $0 }.count
        }
    }

    /// Compares the store with the market's own bars, from the first to the last that a viewer got.
    private func judgeStore(
        _ viewers: [StreamViewer], _ server: LiveServer, _ result: inout FaultResult
    ) async throws {
        for symbol in FaultRun.symbols {
            let reported = viewers.compactMap { $0.seen.finals[symbol]?.keys }.flatMap { $0 }
            guard let first = reported.min(), let last = reported.max() else { continue }
            let truth = try server.truth(of: symbol, from: first, through: last)
            let range = TimeRange(from: first, to: last.advanced(bySeconds: 1))
            // The archive writes in batches, and repairs a series 30 s after a repair failed.
            let end = ContinuousClock.now + (speed == .quick ? .seconds(2) : .seconds(75))
            var stored: [Bar] = []
            repeat {
                stored = try await server.stored(symbol, within: range)
                if stored.count == truth.count { break }
                try await Task.sleep(for: .milliseconds(500))
            } while ContinuousClock.now < end
            result.wrongInStore += stored.filter { truth[$0.time] != $0 }.count
            if speed == .real { result.lostInStore += truth.count - Set(stored.map(\.time)).count }
        }
    }

    private static var quickDeadlines: TradingViewDeadlines {
        var deadlines = TradingViewDeadlines()
        deadlines.connect = .seconds(1)
        deadlines.progress = .seconds(2)
        deadlines.reload = .seconds(1)
        deadlines.silence = .milliseconds(2500)
        deadlines.stall = .seconds(1)
        deadlines.probe = .seconds(1)
        deadlines.doubt = .milliseconds(300)
        return deadlines
    }
}
