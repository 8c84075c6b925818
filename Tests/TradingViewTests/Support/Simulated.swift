import Logging
import MarketData
import MockMarket
import TestSupport
import TradingView
import UpstreamSimulator

/// A client against the simulated TradingView, over real sockets.
enum Simulated {
    /// A Wednesday, 11:06:40 in New York.
    static let moment = Timestamp(seconds: 1_795_622_800)

    /// Long before any deadline, also on a machine with other work.
    static let atOnce = Duration.seconds(6)

    /// A simulated upstream with a stopped clock, so that two responses are the same.
    static var stillUpstream: SimulatorConfiguration { SimulatorConfiguration { moment } }

    /// A simulated upstream whose clock runs from the same moment.
    static var runningUpstream: SimulatorConfiguration {
        let start = ContinuousClock.now
        return SimulatorConfiguration {
            let passed = (ContinuousClock.now - start) / .milliseconds(1)
            return Timestamp(milliseconds: moment.milliseconds + Int64(passed))
        }
    }

    /// The market that a simulator of this configuration shows.
    static func market(_ configuration: SimulatorConfiguration) -> MockMarket {
        MockMarket(seed: configuration.seed, hours: .always, clock: configuration.clock)
    }

    /// Runs an upstream and a client of it while the body runs.
    static func withClient<Result: Sendable>(
        of upstream: SimulatorConfiguration = stillUpstream,
        _ adjust: (inout TradingViewConfiguration) -> Void = { _ in },
        _ body: (TradingViewClient) async throws -> Result
    ) async throws -> Result {
        return try await UpstreamSimulator.withRunning(upstream, logger: .quiet) { _, port in
            var configuration = client(ofPort: port)
            adjust(&configuration)
            let client = TradingViewClient(configuration: configuration, logger: .quiet, now: upstream.clock)
            return try await withRunning(client, body)
        }
    }

    static func client(ofPort port: Int) -> TradingViewConfiguration {
        TradingViewConfiguration(
            socketURL: "ws://127.0.0.1:\(port)", webURL: "http://127.0.0.1:\(port)",
            searchURL: "http://127.0.0.1:\(port)", scannerURL: "http://127.0.0.1:\(port)")
    }

    static func withRunning<Result: Sendable>(
        _ client: TradingViewClient, _ body: (TradingViewClient) async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}

/// The error that a request ends with; `nil` where it succeeds or fails otherwise.
func marketError(of request: () async throws -> some Sendable) async -> MarketDataError? {
    do {
        _ = try await request()
        return nil
    } catch {
        return error as? MarketDataError
    }
}
