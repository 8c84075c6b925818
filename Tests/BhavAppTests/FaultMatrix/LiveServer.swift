import AsyncHTTPClient
import Foundation
import JSON
import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketServer
import MarketStore
import MockMarket
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import TradingView
import Trendlyne
import UpstreamSimulator

/// The whole server over a simulated upstream behind a proxy that fails, all in one process and over sockets.
struct LiveServer: Sendable {
    /// How it is set up.
    struct Settings: Sendable {
        var deadlines = TradingViewDeadlines()
        var heartbeatSeconds = 5
        /// The server's time of day.
        var clock: @Sendable () -> Timestamp = SystemClock.now
        var limits = MarketServerConfiguration.Limits()
        /// The folder of the store; `nil` for one in memory.
        var folder: String?
    }

    let simulator: UpstreamSimulator
    let proxy: FaultProxy
    let store: SQLiteMarketStore
    let hub: MarketHub
    let port: Int

    /// Runs all of it for as long as the body does.
    static func with<Result: Sendable>(
        _ settings: Settings, _ body: @escaping @Sendable (LiveServer) async throws -> Result
    ) async throws -> Result {
        var upstream = SimulatorConfiguration(scenario: .paidPlan)
        upstream.heartbeatSeconds = settings.heartbeatSeconds
        return try await UpstreamSimulator.withRunning(upstream, logger: .quiet) { simulator, port in
            try await FaultProxy.withRunning(target: port) { proxy, proxyPort in
                try await run(settings, simulator, proxy, at: "127.0.0.1:\(proxyPort)", body)
            }
        }
    }

    private static func run<Result: Sendable>(
        _ settings: Settings, _ simulator: UpstreamSimulator, _ proxy: FaultProxy, at address: String,
        _ body: @escaping @Sendable (LiveServer) async throws -> Result
    ) async throws -> Result {
        try await withServer(settings, at: address) { store, hub, port in
            try await body(LiveServer(simulator: simulator, proxy: proxy, store: store, hub: hub, port: port))
        }
    }

    /// Runs the server alone, over the upstream at an address, for as long as the body does.
    static func withServer<Result: Sendable>(
        _ settings: Settings, at address: String,
        _ body: @escaping @Sendable (SQLiteMarketStore, MarketHub, _ port: Int) async throws -> Result
    ) async throws -> Result {
        var configuration = TradingViewConfiguration(
            socketURL: "ws://\(address)", webURL: "http://\(address)", searchURL: "http://\(address)",
            scannerURL: "http://\(address)")
        configuration.deadlines = settings.deadlines
        let clock = settings.clock
        let client = TradingViewClient(configuration: configuration, logger: .quiet, now: clock)
        let trendlyne = TrendlyneClient(
            configuration: TrendlyneConfiguration(baseURL: "http://\(address)"), httpClient: .shared, logger: .quiet,
            now: clock)
        let store = try settings.folder.map { try SQLiteMarketStore.open(folder: $0) } ?? SQLiteMarketStore.inMemory()
        // Bars of one second are stored as well, so that the store can be compared after a minute.
        let intervals = TradingViewClient.intervals + [.oneSecond]
        let hub = MarketHub(
            history: [client], openInterest: [trendlyne], live: [client], search: [client],
            barCache: BarCache(store: store, calendars: .exchanges, intervals: intervals, logger: .quiet),
            sources: [.tradingview], monitored: [client], logger: .quiet, clock: clock)
        var serving = MarketServerConfiguration(port: 0)
        serving.limits = settings.limits
        let server = try MarketServer(hub: hub, configuration: serving, logger: .quiet, clock: clock)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            group.addTask { try await server.run() }
            for service in hub.services { group.addTask { try await service.run() } }
            if let monitor = hub.monitor { group.addTask { try await monitor.run() } }
            defer { group.cancelAll() }
            return try await body(store, hub, try await server.port)
        }
    }

    /// Gets a path: the status and the body.
    func get(_ path: String) async throws -> (status: Int, json: JSONFields) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 24)
        return (
            Int(response.status.code), JSONFields(parsing: Array(body.readableBytesView)) ?? JSONFields([:], path: "")
        )
    }

    /// The market's own final bars of one second from one bar to another, both included.
    func truth(of symbol: Symbol, from first: Timestamp, through last: Timestamp) throws -> [Timestamp: Bar] {
        try simulator.truth(of: symbol, from: first, through: last)
    }

    /// The final bars of one second in the store.
    func stored(_ symbol: Symbol, within range: TimeRange) async throws -> [Bar] {
        try await store.bars(of: SeriesKey(symbol: symbol, interval: .oneSecond), in: range).bars.filter(\.isFinal)
    }
}

extension UpstreamSimulator {
    /// The market's own final bars of one second from one bar to another, both included.
    func truth(of symbol: Symbol, from first: Timestamp, through last: Timestamp) throws -> [Timestamp: Bar] {
        let bars = try market.bars(
            of: symbol, interval: .oneSecond, within: TimeRange(from: first, to: last.advanced(bySeconds: 1)),
            at: last.advanced(bySeconds: 60))
        return Dictionary(bars.map { ($0.time, $0) }) { $1 }
    }
}
