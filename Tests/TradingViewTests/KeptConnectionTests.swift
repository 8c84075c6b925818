import MarketData
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("A connection that is kept open", .timeLimit(.minutes(1)))
struct KeptConnectionTests {
    @Test("is made, and made again after a break, without any request")
    func kept() async throws {
        try await UpstreamSimulator.withRunning(SimulatorConfiguration(), logger: .quiet) { simulator, port in
            let client = TradingViewClient(configuration: Simulated.client(ofPort: port), logger: .quiet)
            try await Simulated.withRunning(client) { client in
                await client.keepConnected()
                try await waitUntil { await client.status().state == .connected }
                try await waitUntil { simulator.activity.connectionsOpen == 1 }
                await simulator.cutConnections()
                try await waitUntil { await client.status().reconnects == 1 }
                #expect(await client.status().state == .connected)
            }
        }
    }

    @Test("is known to be down while upstream is down, and known to be back")
    func down() async throws {
        var configuration = SimulatorConfiguration()
        let first = try UpstreamSimulator(configuration: configuration, logger: .quiet)
        let running = Task { try await first.run() }
        configuration.port = try await first.listeningPort()
        running.cancel()
        _ = await running.result
        let client = TradingViewClient(configuration: Simulated.client(ofPort: configuration.port), logger: .quiet)
        try await Simulated.withRunning(client) { client in
            await client.keepConnected()
            try await waitUntil { await client.status().state == .down }
            try await UpstreamSimulator.withRunning(configuration, logger: .quiet) { _, _ in
                try await waitUntil("it is noticed", within: .seconds(20)) {
                    await client.status().state == .connected
                }
            }
        }
    }
}
