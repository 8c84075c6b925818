import AsyncSupport
public import Logging
public import MarketData
public import MockMarket
import NIOCore
public import ServiceLifecycle
import WebSocketTransport

/// TradingView, Trendlyne and NSE on loopback, fed by the mock market or by a recording.
///
/// Every role is served on one port: the data WebSocket, the web page, the sign-in, the symbol search, the scanner,
/// Trendlyne's `/phoenix/api/`, NSE's pages and archive, and `/simulator/` with counts and controls.
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

    /// Listens until it is cancelled or shut down.
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

extension UpstreamSimulator {
    /// Runs a simulator while the body runs, and ends it after.
    /// - Throws: `SimulatorConfigurationError`, why it could not listen, or what the body throws.
    @discardableResult
    public static func withRunning<Result: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        logger: Logger = quietLogger,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (UpstreamSimulator, Int) async throws -> Result
    ) async throws -> Result {
        let simulator = try UpstreamSimulator(configuration: configuration, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self, isolation: isolation) { group in
            group.addTask { try await simulator.run() }
            defer { group.cancelAll() }
            let port = try await simulator.listeningPort()
            return try await body(simulator, port)
        }
    }

    /// Says nothing of connections that end with the body.
    public static var quietLogger: Logger {
        var logger = Logger(label: "bhav.simulator")
        logger.logLevel = .critical
        return logger
    }
}

extension UpstreamSimulator {
    /// Splits a share now: from the present session on it costs so much less, and its past, adjusted for splits, is reported
    /// again. Also `POST /simulator/split?symbol=NSE:TCS&ratio=2`.
    public func split(_ symbol: Symbol, ratio: Double) { simulation.split(symbol, ratio: ratio) }

    /// Freezes the open series and quotes of a symbol; those opened later move again. Also
    /// `POST /simulator/freeze?symbol=NSE:TCS`.
    public func freeze(_ symbol: Symbol) { simulation.frozen.freeze("\(symbol)") }

    /// Lets them move again. Also `POST /simulator/thaw?symbol=NSE:TCS`.
    public func thaw(_ symbol: Symbol) { simulation.frozen.thaw("\(symbol)") }

    /// The market that the values come from: the truth for tests.
    public var market: MockMarket { simulation.market.market }
}

extension UpstreamSimulator {
    /// How many bars were requested and sent, by symbol and interval; also at `GET /simulator/counts`.
    public var seriesCounts: [SeriesCount] { simulation.counts.all }

    /// The requests for one symbol and interval.
    public func seriesCount(of symbol: String, _ interval: Interval) -> SeriesCount {
        seriesCounts.first { $0.symbol == symbol && $0.interval == interval }
            ?? SeriesCount(symbol: symbol, interval: interval)
    }

    /// Counts from nothing again.
    public func resetSeriesCounts() { simulation.counts.reset() }

    /// Every snapshot of an expiry that the sources show within a range: one each three minutes, ascending. Stamps are the
    /// moments of the values; Trendlyne writes them a second earlier.
    public func openInterest(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange
    ) -> [OpenInterestSnapshot] {
        simulation.market.openInterest(of: symbol, expiry: expiry, within: range)
    }

    /// Injects a fault from now on.
    public func begin(_ fault: Fault) { simulation.ledger.begin(fault) }

    /// Ends a fault, injected or configured.
    public func end(_ fault: Fault) { simulation.ledger.end(fault) }
}
