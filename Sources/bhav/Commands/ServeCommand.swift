import ArgumentParser
import BhavApp
import Foundation
import Logging
import MarketServer
import MarketStore
import Metrics

/// `bhav serve`: the server and the dashboard.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve HTTP, WebSocket and the dashboard.",
        discussion: """
            Started by systemd, it reports readiness and liveness (Type=notify, WatchdogSec) and takes over a listening \
            socket (bhav.socket), whose address then replaces HOST and PORT. SIGHUP reloads keys, hosts, \
            origins, calendar, certificate and log level.

            bhav serve --mock
            bhav serve --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem
            """)

    @Option(name: .long, help: "Address to listen on (HOST, default: 127.0.0.1).")
    var host: String?

    @Option(name: .long, help: "Port to listen on, 0 for any free one (PORT, default: 8000).")
    var port: String?

    @Option(name: .long, help: "Symbols to record the open interest of, separated by commas (BHAV_RECORD).")
    var record: String?

    @Option(name: .long, help: "PEM file of the server's certificate chain, for TLS (BHAV_TLS_CERT).")
    var tlsCert: String?

    @Option(name: .long, help: "PEM file of the certificate's private key (BHAV_TLS_KEY).")
    var tlsKey: String?

    @OptionGroup var market: MarketOptions

    func run() async throws {
        HeapArenas.limit()
        try await Bhav.reporting {
            var options: [String: String] = [:]
            options["HOST"] = host
            options["PORT"] = port
            options["BHAV_RECORD"] = record
            options["BHAV_TLS_CERT"] = tlsCert
            options["BHAV_TLS_KEY"] = tlsKey
            let configuration = try market.configuration(options).serving()
            let reload = market.reloading(options)
            let logger = Logger.forServer(level: configuration.logLevel, format: configuration.logFormat)
            let metrics = PrometheusRegistry()
            MetricsSystem.bootstrap(metrics)
            let store = try ServeCommand.store(configuration)
            try await Market.run(configuration, store: store, logger: logger) { market in
                try await market.serve(
                    logger: logger, metrics: metrics, reload: reload,
                    manager: ServiceManager(environment: ProcessInfo.processInfo.environment),
                    listening: { ServeCommand.announce(configuration, port: $0) })
            }
        }
    }

    /// The store that the server writes to; the mock market is not stored unless it is recorded.
    private static func store(_ configuration: AppConfiguration) throws -> OpenedStore? {
        guard !configuration.useMockData || !configuration.recorded.isEmpty else { return nil }
        do {
            return OpenedStore(try configuration.openStore(for: .writing))
        } catch {
            throw CommandFailure(serving: configuration, error)
        }
    }

    private static func announce(_ configuration: AppConfiguration, port: Int) {
        let kind = configuration.useMockData ? "the mock market (every number is SIMULATED)" : "real sources"
        Console.say("bhav: serving \(kind) on \(configuration.address(port: port))")
    }
}

extension CommandFailure {
    /// A server that cannot have its store does not begin: 73 where the folder cannot be written, else 78.
    init(serving configuration: AppConfiguration, _ error: StoreError) {
        let isWriting = error.code == .readOnly || error.code == .full
        var message = "store (BHAV_DATA=\(configuration.dataFolder)): \(error.message)"
        if error.code == .inUse { message += "; set BHAV_DATA to another folder for this server" }
        self.init(message: message, exitCode: isWriting ? .cannotWrite : .configuration)
    }
}
