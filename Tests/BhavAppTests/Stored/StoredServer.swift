import AsyncHTTPClient
import Foundation
import Logging
import MarketData
import MarketHistory
import MarketHub
import MarketServer
import MarketStore
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@testable import BhavApp

/// A server with a store over the simulated TradingView, all in one process, at a clock that the test moves.
struct StoredServer: Sendable {
    let simulator: UpstreamSimulator
    let clock: SimulatedClock
    let store: SQLiteMarketStore
    let hub: MarketHub
    private let port: Int
    private let upstream: Task<Void, any Error>

    /// A Wednesday, 11:06:40 in New York; the simulated market never shuts.
    static let moment = Timestamp(seconds: 1_795_622_800)

    /// Runs all of it for as long as the body does.
    static func with<Result: Sendable>(
        store: SQLiteMarketStore? = nil, _ body: @escaping @Sendable (StoredServer) async throws -> Result
    ) async throws -> Result {
        let clock = SimulatedClock(moment)
        let store = try store ?? SQLiteMarketStore.inMemory()
        let simulator = try UpstreamSimulator(
            configuration: SimulatorConfiguration { clock.now }, logger: .quiet)
        let upstream = Task { try await simulator.run() }
        defer { upstream.cancel() }
        let place = "127.0.0.1:\(try await simulator.listeningPort())"
        let client = TradingViewClient(
            configuration: TradingViewConfiguration(
                socketURL: "ws://\(place)", webURL: "http://\(place)", searchURL: "http://\(place)",
                scannerURL: "http://\(place)"),
            logger: .quiet, now: { clock.now })
        let history = ResampledHistory(client, keeping: TradingViewClient.intervals, clock: { clock.now })
        let hub = MarketHub(
            history: [history], openInterest: [], live: [client], search: [client],
            barCache: BarCache(
                store: store, calendars: .exchanges, intervals: TradingViewClient.intervals, logger: .quiet),
            sources: [.tradingview], logger: .quiet, clock: { clock.now })
        let server = try MarketServer(
            hub: hub, configuration: MarketServerConfiguration(port: 0), logger: .quiet, clock: { clock.now })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            group.addTask { try await server.run() }
            for service in hub.services { group.addTask { try await service.run() } }
            defer { group.cancelAll() }
            let running = StoredServer(
                simulator: simulator, clock: clock, store: store, hub: hub, port: try await server.port,
                upstream: upstream)
            return try await body(running)
        }
    }

    /// Ends the simulated upstream.
    func killUpstream() async {
        upstream.cancel()
        _ = try? await upstream.value
    }

    /// Requests a path and returns the status, and the body as Foundation reads it.
    func get(_ path: String) async throws -> (status: Int, json: [String: Any]) {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 26)
        let json = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
        // Its description is the code and the phrase.
        return (Int("\(response.status)".prefix(3)) ?? 0, json ?? [:])
    }
}
