import AsyncHTTPClient
import Logging
import MarketData
import MarketHub
import MarketServer
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@Suite("Lifetimes")
struct LifetimeTests {

    @Test("a client that disconnects cancels its work")
    func clientLeaves() async throws {
        let source = PatientSource()
        let hub = MarketHub(
            history: [source], openInterest: [], live: [], search: [], logger: .quiet,
            clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            let client = HTTPClient(eventLoopGroupProvider: .singleton)
            let request = Task {
                let request = HTTPClientRequest(
                    url: "http://127.0.0.1:\(server.port)/v1/bars?symbol=NIFTY&interval=1m")
                _ = try await client.execute(request, timeout: .seconds(60))
            }
            try await waitUntil("the source gets a request") { source.requested == 1 }
            request.cancel()
            _ = await request.result
            try await client.shutdown()
            try await waitUntil("the request is cancelled") { source.cancelled == 1 }
        }
    }

    @Test("a graceful shutdown ends open streams and events", .timeLimit(.minutes(1)))
    func shutdown() async throws {
        let server = try MarketServer(
            hub: RunningServer.mockHub(), configuration: MarketServerConfiguration(port: 0), logger: .quiet,
            clock: { RunningServer.now })
        let group = ServiceGroup(configuration: .init(services: [server], logger: .quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try await server.port
            let running = RunningServer(port: port, hub: RunningServer.mockHub())
            try await running.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"1m","count":5}"#)
                _ = try await stream.next("snapshot")
                let client = HTTPClient(eventLoopGroupProvider: .singleton)
                let events = try await client.execute(
                    HTTPClientRequest(
                        url: "http://127.0.0.1:\(port)/v1/events?channel=bars&symbol=NIFTY&interval=1m&count=5"),
                    timeout: .seconds(30))
                var parts = events.body.makeAsyncIterator()
                _ = try await parts.next()
                await group.triggerGracefulShutdown()
                while try await parts.next() != nil {}
                try await client.shutdown()
            }
            try await tasks.waitForAll()
        }
    }

    @Test(
        "a port in use is an error of the server and of a caller that waits for the port",
        .timeLimit(.minutes(1)))
    func portTaken() async throws {
        try await RunningServer.with { first in
            let second = try MarketServer(
                hub: first.hub, configuration: MarketServerConfiguration(port: first.port), logger: .quiet,
                clock: { RunningServer.now })
            let port = Task { try await second.port }
            await #expect(throws: (any Error).self) { try await second.run() }
            await #expect(throws: CancellationError.self) { try await port.value }
        }
    }
}
