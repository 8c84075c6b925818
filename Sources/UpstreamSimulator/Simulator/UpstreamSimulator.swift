public import Logging
import NIOCore
public import ServiceLifecycle
import WebSocketTransport

/// TradingView, Trendlyne and NSE on loopback, fed by the mock market or by a recording.
///
/// Every role answers on one port: the data WebSocket, the web page, the sign-in, the symbol search, the scanner,
/// Trendlyne's `/phoenix/api/`, NSE's pages and archive, and `/simulator/` with counts and controls of its own.
public final class UpstreamSimulator: Service {
    let simulation: Simulation
    private let certificate: ServerCertificate?
    private let logger: Logger
    private let listening = BoundPort()
    private let log = ActivityLog()

    /// A simulator, not yet listening.
    /// - Throws: `SimulatorConfigurationError` for a recording or a certificate that cannot be used.
    public init(
        configuration: SimulatorConfiguration, logger: Logger = Logger(label: "bhav.simulator")
    ) throws(SimulatorConfigurationError) {
        simulation = try Simulation(configuration: configuration)
        certificate = try ServerCertificate.of(configuration.encryption)
        self.logger = logger
    }

    /// Listens until it is cancelled or told to shut down.
    /// - Throws: `SimulatorConfigurationError`, where it cannot listen.
    public func run() async throws {
        let listening = listening
        let server = SimulatorServer(
            simulation: simulation, tls: certificate?.tls, activity: log, logger: logger,
            onListening: { listening.resolve($0) }
        )
        defer { certificate?.removeSelfMadeFiles() }
        do {
            try await server.run()
            listening.fail()
        } catch let error as IOError {
            let refusal = SimulatorConfigurationError(cannotListenOn: simulation.configuration, error)
            listening.fail(refusal)
            throw refusal
        } catch let error as SocketAddressError.UnknownHost {
            let refusal = SimulatorConfigurationError(cannotListenOn: simulation.configuration, error)
            listening.fail(refusal)
            throw refusal
        } catch {
            listening.fail(error)
            throw error
        }
    }

    /// The port it listens on, once it does.
    /// - Throws: Why it does not listen; `CancellationError` once it has ended.
    public func listeningPort() async throws -> Int { try await listening.value }

    /// The variables that point the program at this simulator, in the order in which they are best printed.
    public func environment(port: Int) -> [(name: String, value: String)] {
        let host = simulation.configuration.host
        let place = "\(host.contains(":") ? "[\(host)]" : host):\(port)"
        let webSocket = (certificate == nil ? "ws://" : "wss://") + place
        let web = (certificate == nil ? "http://" : "https://") + place
        var variables = [
            (name: "TRADINGVIEW_URL", value: webSocket), (name: "TRADINGVIEW_WEB_URL", value: web),
            (name: "TRADINGVIEW_SEARCH_URL", value: web), (name: "TRENDLYNE_URL", value: web),
            (name: "NSE_URL", value: web), (name: "NSE_ARCHIVES_URL", value: web),
        ]
        if let file = certificate?.selfMadeFile { variables.append((name: "SSL_CERT_FILE", value: file)) }
        return variables
    }

    /// What clients have done so far.
    public var activity: SimulatorActivity { log.activity }

    /// Cuts every WebSocket connection without a close frame, as a failing network does.
    public func cutConnections() async { await log.cutConnections() }
}
