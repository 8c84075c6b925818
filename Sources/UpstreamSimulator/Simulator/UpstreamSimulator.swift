public import Logging
public import ServiceLifecycle

/// TradingView and Trendlyne on loopback, fed by the mock market or by a recording.
///
/// Every role answers on one port: the data WebSocket, the web page, the symbol search, the scanner, and Trendlyne's
/// `/phoenix/api/`.
public final class UpstreamSimulator: Service {
    let configuration: SimulatorConfiguration
    let logger: Logger
    let listening = ListeningPort()

    /// A simulator, not yet listening.
    /// - Throws: `SimulatorConfigurationError` for a recording or a certificate that cannot be used.
    public init(
        configuration: SimulatorConfiguration, logger: Logger = Logger(label: "bhav.simulator")
    ) throws(SimulatorConfigurationError) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Listens until it is cancelled or told to shut down.
    public func run() async throws {
        listening.end()
    }

    /// The port it listens on, once it does.
    /// - Throws: `CancellationError`, or why it does not listen.
    public func listeningPort() async throws -> Int { try await listening.port() }

    /// The variables that point the program at this simulator.
    public func environment(port: Int) -> [(name: String, value: String)] {
        let encrypted = configuration.encryption != .none
        let place = "\(configuration.host):\(port)"
        let webSocket = (encrypted ? "wss://" : "ws://") + place
        let web = (encrypted ? "https://" : "http://") + place
        return [
            ("TRADINGVIEW_URL", webSocket), ("TRADINGVIEW_WEB_URL", web), ("TRADINGVIEW_SEARCH_URL", web),
            ("TRENDLYNE_URL", web), ("NSE_URL", web),
        ]
    }
}
