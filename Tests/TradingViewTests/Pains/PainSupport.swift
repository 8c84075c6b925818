import Logging
import MarketData
import TestSupport
import TradingView
import UpstreamSimulator

extension Simulated {
    /// Runs an upstream and a client of it while the body runs, and shows both.
    static func withBoth<Result: Sendable>(
        of upstream: SimulatorConfiguration = stillUpstream,
        _ adjust: (inout TradingViewConfiguration) -> Void = { _ in }, now: WallClock? = nil,
        _ body: (TradingViewClient, UpstreamSimulator) async throws -> Result
    ) async throws -> Result {
        return try await UpstreamSimulator.withRunning(upstream, logger: .quiet) { simulator, port in
            var configuration = client(ofPort: port)
            adjust(&configuration)
            let client = TradingViewClient(configuration: configuration, logger: .quiet, now: now ?? upstream.clock)
            return try await withRunning(client) { client in
                try await body(client, simulator)
            }
        }
    }

    /// A simulated upstream whose clock runs faster than ours by a factor, and that looks around every 10 ms.
    static func hurriedUpstream(_ speed: Int64, scenario: Scenario = .live) -> SimulatorConfiguration {
        let start = ContinuousClock.now
        var upstream = SimulatorConfiguration(scenario: scenario) {
            let passed = Int64((ContinuousClock.now - start) / .milliseconds(1))
            return Timestamp(milliseconds: moment.milliseconds + passed * speed)
        }
        upstream.quoteIntervalMilliseconds = 10
        // Five of our seconds: on a busy machine a response may be slow.
        upstream.heartbeatPatienceSeconds = 5 * Int(speed)
        return upstream
    }
}

extension Symbol {
    /// The instrument that meets a fault at the simulator.
    static func of(_ fault: Fault) -> Symbol { Symbol(exchange: "FAULT", ticker: fault.rawValue.uppercased()) }

    static let nowhere = Symbol(exchange: "NSE", ticker: "NOSUCHTHING")
}

extension BarRequest {
    /// The newest bars of five minutes.
    static func newest(_ count: Int, of symbol: Symbol = .nifty, _ interval: Interval = .fiveMinutes) -> BarRequest {
        BarRequest(symbol: symbol, interval: interval, span: .count(count))
    }
}
