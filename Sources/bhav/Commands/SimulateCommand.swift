import ArgumentParser
import Logging
import ServiceLifecycle
import UnixSignals
import UpstreamSimulator

/// `bhav simulate`: TradingView, Trendlyne and NSE on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play TradingView, Trendlyne and NSE on this machine; prints the environment that points at it.",
        discussion: """
            In one terminal: bhav simulate --port 9001
            In another, with the lines that it prints exported: bhav history NSE:NIFTY

            GET /simulator/counts tells how many bars were asked for and sent. POST changes
            it while it runs:
              /simulator/faults?begin=NAME, /simulator/faults?end=NAME
              /simulator/split?symbol=NSE:TCS&ratio=2
              /simulator/freeze?symbol=NSE:TCS, /simulator/thaw?symbol=NSE:TCS
              /simulator/cut breaks the WebSocket connections there are; faults strike
              the next answers

            SCENARIOS (--scenario)
            \(table(Scenario.allCases.map { ($0.rawValue, $0.summary) }))

            FAULTS (--faults A,B); the ticker FAULT:NAME meets one too
            \(table(Fault.allCases.map { ($0.rawValue, $0.summary) }))
            """
    )

    /// One line a name, the names in one column.
    private static func table(_ rows: [(name: String, summary: String)]) -> String {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { name, summary in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + summary
        }.joined(separator: "\n")
    }

    @Option(name: .long, help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "The port that every role answers on, 0 for any free one.")
    var port = 9001

    @Option(name: .long, help: "What the market is grown from: the same seed gives the same figures.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "Which upstream is played; see above.")
    var scenario = Scenario.live.rawValue

    @Option(name: .long, help: "What goes wrong, separated by commas; see above.")
    var faults = ""

    @Option(name: .long, help: "Strike so often with the faults, then be well again.")
    var faultLimit: Int?

    @Option(name: .long, help: "Answer history with the recorded messages (*-msgN.txt) of this folder.")
    var recording: String?

    @Option(name: .long, help: "Speak TLS with this certificate (PEM).")
    var tlsCert: String?

    @Option(name: .long, help: "The certificate's key (PEM).")
    var tlsKey: String?

    @Flag(name: .long, help: "Speak TLS with a certificate made for the occasion; SSL_CERT_FILE is printed too.")
    var tls = false

    @Option(name: .long, help: "How much to log to standard error: trace to critical.")
    var logLevel = "warning"

    @Flag(
        name: .long,
        help: ArgumentHelp("Taken as on any command; the simulator plays the mock market anyway.", visibility: .hidden))
    var mock = false

    func run() async throws {
        try await Bhav.reporting {
            let logger = Logger.forStandardError(level: try level())
            let simulator = try simulator(logger: logger)
            let group = ServiceGroup(
                services: [simulator, SimulatorAnnouncement(simulator: simulator)],
                gracefulShutdownSignals: [.sigint, .sigterm], logger: logger)
            do {
                try await group.run()
            } catch let error as SimulatorConfigurationError {
                throw CommandFailure(message: error.message, exitCode: .configuration)
            }
        }
    }

    private func simulator(logger: Logger) throws -> UpstreamSimulator {
        do {
            return try UpstreamSimulator(configuration: configuration(), logger: logger)
        } catch let error as SimulatorConfigurationError {
            throw CommandFailure(message: error.message, exitCode: .configuration)
        }
    }

    private func configuration() throws -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration(scenario: try named { try Scenario(name: scenario) })
        guard (0...65_535).contains(port) else {
            throw CommandFailure(message: "--port \(port) is not from 0 to 65535", exitCode: .usage)
        }
        configuration.host = host
        configuration.port = port
        configuration.seed = seed
        configuration.faults = try named { try Fault.list(faults) }
        configuration.faultLimit = faultLimit
        configuration.recording = recording
        switch (tlsCert, tlsKey) {
        case (let certificate?, let key?): configuration.encryption = .files(certificate: certificate, key: key)
        case (nil, nil): configuration.encryption = tls ? .selfMade : .none
        default: throw CommandFailure(message: "--tls-cert and --tls-key go together", exitCode: .usage)
        }
        return configuration
    }

    /// A name on the command line that the simulator does not know is a mistake of usage.
    private func named<Value>(_ value: () throws -> Value) throws -> Value {
        do {
            return try value()
        } catch let error as SimulatorConfigurationError {
            throw CommandFailure(message: error.message, exitCode: .usage)
        }
    }

    private func level() throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: logLevel) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(message: "--log-level '\(logLevel)' is none of \(known)", exitCode: .usage)
        }
        return level
    }
}

/// Prints the environment once the simulator listens.
private struct SimulatorAnnouncement: Service {
    let simulator: UpstreamSimulator

    func run() async throws {
        // A simulator that could not listen says so itself, as the error of its own service.
        if let port = try? await simulator.listeningPort() {
            let lines = simulator.environment(port: port).map { "\($0.name)=\($0.value)\n" }
            try DataOutput().write(lines.joined())
        }
        try await gracefulShutdown()
    }
}
