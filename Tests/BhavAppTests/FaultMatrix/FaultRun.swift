import AsyncHTTPClient
import Logging
import MarketData
import MarketHub
import MockMarket
import Synchronization
import TestSupport
import Testing
import TradingView
import Trendlyne
import UpstreamSimulator

/// What a viewer of one series was told.
final class BarViewer: Sendable {
    struct Seen: Sendable {
        /// The final bars, as they were told last.
        var finals: [Timestamp: Bar] = [:]
        /// Final bars that were told, each time with its figures.
        var told: [Bar] = []
        var gaps = 0
        var repaired = 0
        var lastData: ContinuousClock.Instant?
        var events = 0
        var doubled = 0
        var end: String?
    }

    private let state = Mutex(Seen())
    var seen: Seen { state.withLock { $0 } }

    func end(_ error: String) { state.withLock { $0.end = error } }

    func take(_ event: BarEvent) {
        state.withLock { seen in
            switch event {
            case .snapshot(let series):
                for bar in series.bars where bar.isFinal {
                    seen.finals[bar.time] = bar
                    seen.told.append(bar)
                }
            case .bar(let bar):
                if bar.isFinal {
                    if seen.finals[bar.time] == bar { seen.doubled += 1 }
                    seen.finals[bar.time] = bar
                    seen.told.append(bar)
                }
            case .gap:
                seen.gaps += 1
                return
            case .repaired(_, let bars):
                seen.repaired += bars.count
                for bar in bars {
                    seen.finals[bar.time] = bar
                    seen.told.append(bar)
                }
            case .status: return
            }
            seen.lastData = .now
            seen.events += 1
        }
    }
}

/// What came of one fault.
struct FaultResult: Sendable {
    let row: FaultRow
    var wrong = 0
    var lost = 0
    var doubled = 0
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
    func isGood(within limit: Duration) -> Bool {
        wrong + lost + doubled == 0 && ended.isEmpty
            && [barsBack, quotesBack, historyBack, openInterestBack, readyBack].allSatisfy {
                $0.map { $0 <= limit } ?? false
            }
    }
}

/// Runs one fault against a hub, a client and a simulated upstream, over sockets and through a proxy.
struct FaultRun: Sendable {
    /// How long the deadlines are.
    enum Pace: Sendable {
        /// As they are in use.
        case real
        /// A tenth, so that a fault is over within seconds.
        case quick
    }

    let row: FaultRow
    let pace: Pace
    /// The longest wait for what is to come back.
    let limit: Duration

    private static let symbols = ["NIFTY", "BANKNIFTY"].map { Symbol(exchange: "NSE", ticker: $0) }

    func run() async throws -> FaultResult {
        var settings = SimulatorConfiguration(scenario: .paidPlan)
        settings.heartbeatSeconds = pace == .quick ? 1 : 5
        return try await UpstreamSimulator.withRunning(settings, logger: .quiet) { simulator, port in
            try await FaultProxy.withRunning(target: port) { proxy, proxyPort in
                try await run(simulator, proxy, port: proxyPort)
            }
        }
    }

    private func run(_ simulator: UpstreamSimulator, _ proxy: FaultProxy, port: Int) async throws -> FaultResult {
        let address = "127.0.0.1:\(port)"
        var configuration = TradingViewConfiguration(
            socketURL: "ws://\(address)", webURL: "http://\(address)", searchURL: "http://\(address)",
            scannerURL: "http://\(address)")
        if pace == .quick { configuration.deadlines = FaultRun.quickDeadlines }
        let shift = row.clockShift
        let clock: @Sendable () -> Timestamp = { SystemClock.now().advanced(bySeconds: shift) }
        let client = TradingViewClient(configuration: configuration, logger: .quiet, now: clock)
        let trendlyne = TrendlyneClient(
            configuration: TrendlyneConfiguration(baseURL: "http://\(address)"), httpClient: .shared, logger: .quiet,
            now: clock)
        let hub = MarketHub(
            history: [client], openInterest: [trendlyne], live: [client], search: [client], sources: [.tradingview],
            monitored: [client], logger: .quiet, clock: clock)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            if let monitor = hub.monitor { group.addTask { try await monitor.run() } }
            defer { group.cancelAll() }
            return try await watch(hub, simulator, proxy)
        }
    }

    private func watch(_ hub: MarketHub, _ simulator: UpstreamSimulator, _ proxy: FaultProxy) async throws
        -> FaultResult
    {
        let viewers = FaultRun.symbols.map { _ in BarViewer() }
        let quoted = QuoteViewer()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for (symbol, viewer) in zip(FaultRun.symbols, viewers) {
                group.addTask {
                    let request = BarRequest(symbol: symbol, interval: .oneSecond, span: .count(20))
                    do {
                        for try await event in try await hub.liveBars(request) { viewer.take(event) }
                        if !Task.isCancelled { viewer.end("bars ended") }
                    } catch { viewer.end("bars: \(error)") }
                }
            }
            group.addTask {
                do {
                    for try await event in try await hub.liveQuotes(of: FaultRun.symbols) {
                        if case .quote = event { quoted.last.withLock { $0 = .now } }
                    }
                    if !Task.isCancelled { quoted.end.withLock { $0 = "quotes ended" } }
                } catch { quoted.end.withLock { $0 = "quotes: \(error)" } }
            }
            defer { group.cancelAll() }
            try await waitUntil("bars stream before the fault", within: .seconds(60)) {
                viewers.allSatisfy { $0.seen.events > 3 } && quoted.last.withLock { $0 != nil }
            }
            await row.begin(simulator, proxy)
            try await Task.sleep(for: .seconds(row.seconds))
            await row.end(simulator, proxy)
            let health = ContinuousClock.now
            var result = FaultResult(row: row)
            async let history = back(since: health) {
                let request = BarRequest(symbol: FaultRun.symbols[0], interval: .fiveMinutes, span: .count(50))
                return try await hub.bars(request).bars.count == 50
            }
            async let openInterest = back(since: health) {
                try await !hub.openInterest(OpenInterestRequest(symbol: FaultRun.symbols[0])).strikes.isEmpty
            }
            async let ready = back(since: health) { hub.sources.filter(\.givesBars).allSatisfy(\.mayAnswer) }
            async let bars = back(since: health) {
                viewers.allSatisfy { $0.seen.lastData.map { $0 > health + .milliseconds(300) } ?? false }
            }
            async let quotes = back(since: health) {
                quoted.last.withLock { $0.map { $0 > health + .milliseconds(300) } ?? false }
            }
            result.barsBack = await bars
            result.quotesBack = await quotes
            result.historyBack = await history
            result.openInterestBack = await openInterest
            result.readyBack = await ready
            // What is told late is told by now.
            try await Task.sleep(for: .seconds(pace == .quick ? 2.5 : 6))
            for (symbol, viewer) in zip(FaultRun.symbols, viewers) { try judge(viewer, symbol, simulator, &result) }
            if let end = quoted.end.withLock({ $0 }) { result.ended.append(end) }
            result.subscriptions = Set(hub.subscriptions.map(\.condition.state.rawValue)).sorted().joined(
                separator: ", ")
            return result
        }
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

    /// Holds what a viewer was told against the market's own bars.
    private func judge(
        _ viewer: BarViewer, _ symbol: Symbol, _ simulator: UpstreamSimulator, _ result: inout FaultResult
    ) throws {
        let seen = viewer.seen
        result.gaps += seen.gaps
        result.repaired += seen.repaired
        result.doubled += seen.doubled
        if let end = seen.end { result.ended.append(end) }
        guard let first = seen.finals.keys.min(), let last = seen.finals.keys.max() else {
            result.lost += 1
            return
        }
        let truth = try simulator.market.bars(
            of: symbol, interval: .oneSecond, within: TimeRange(from: first, to: last.advanced(bySeconds: 1)),
            at: last.advanced(bySeconds: 60))
        let byTime = Dictionary(truth.map { ($0.time, $0) }) { $1 }
        result.lost += truth.filter { seen.finals[$0.time] == nil }.count
        result.wrong += seen.told.filter { byTime[$0.time] != $0 }.count
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

/// What a reader of quotes saw last, and how its feed ended.
private final class QuoteViewer: Sendable {
    let last = Mutex<ContinuousClock.Instant?>(nil)
    let end = Mutex<String?>(nil)
}
