import AsyncHTTPClient
import Foundation
import HTTPTypes
import Logging
import MarketData
import MarketHub
import MarketServer
import MockMarket
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing
import WebSocketTransport

/// A server on its own port, and a client for it.
struct RunningServer: Sendable {
    let port: Int
    let hub: MarketHub

    /// A Friday, in the middle of the Indian day.
    static let now = Timestamp(seconds: 1_795_152_600)

    /// Runs a server over the mock market, or over a hub of the test's own, for as long as the body does.
    static func with<Result: Sendable>(
        hub: MarketHub? = nil,
        configure: (inout MarketServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (RunningServer) async throws -> Result
    ) async throws -> Result {
        let hub = hub ?? mockHub()
        var configuration = MarketServerConfiguration(port: 0)
        configuration.limits.legacyTickInterval = .milliseconds(20)
        configure(&configuration)
        let server = try MarketServer(
            hub: hub, configuration: configuration, logger: .quiet, clock: { RunningServer.now })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let port = try await server.port
            let result = try await body(RunningServer(port: port, hub: hub))
            group.cancelAll()
            return result
        }
    }

    /// A hub over the mock market at a clock that stands still.
    static func mockHub(schedule: UpdateSchedule = UpdateSchedule(every: .milliseconds(20))) -> MarketHub {
        let mock = MockMarket(seed: 7, hours: .always, schedule: schedule, clock: { RunningServer.now })
        return MarketHub(
            history: [mock], openInterest: [mock], optionChains: [mock], contractHistories: [mock],
            live: [mock], search: [mock], sources: [.mock],
            logger: .quiet, clock: { RunningServer.now })
    }

    /// Requests a path.
    func get(
        _ path: String, method: String = "GET", headers: [(String, String)] = []
    ) async throws -> ServerResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let body = try await response.body.collect(upTo: 1 << 26)
        let fields = response.headers.map { ($0.name.lowercased(), $0.value) }
        return ServerResponse(
            status: Int(response.status.code), headers: Dictionary(fields, uniquingKeysWith: { $1 }),
            bytes: Array(body.readableBytesView))
    }

    /// Opens a WebSocket.
    func socket<Result: Sendable>(
        _ path: String, headers: [(String, String)] = [],
        _ body: @escaping @Sendable (Conversation) async throws -> Result
    ) async throws -> Result {
        try await WebSocketClient.connect(
            to: "ws://127.0.0.1:\(port)\(path)", configuration: WebSocketClientConfiguration(headers: headers),
            logger: .quiet
        ) { inbound, outbound in
            try await body(Conversation(inbound: inbound, outbound: outbound))
        }
    }
}
