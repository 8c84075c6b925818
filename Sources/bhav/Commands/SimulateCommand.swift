public import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
public import UpstreamSimulator

/// `bhav simulate`: TradingView, Trendlyne and NSE on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate TradingView, Trendlyne and NSE on this machine.",
        discussion: """
            Prints the environment that points at it, one NAME=VALUE per line, once it listens; --env-file writes it \
            to a file.

            bhav simulate --port 9001 --env-file simulated.env &
            set -a; . ./simulated.env; set +a; bhav history NSE:NIFTY

            GET /simulator/counts reports the bars requested and sent. POST changes the simulation while it runs:
              /simulator/faults?begin=NAME, /simulator/faults?end=NAME
              /simulator/split?symbol=NSE:TCS&ratio=2
              /simulator/freeze?symbol=NSE:TCS, /simulator/thaw?symbol=NSE:TCS
              /simulator/cut breaks the WebSocket connections

            SCENARIOS (--scenario)
            \(table(Scenario.allCases.map { ($0.rawValue, $0.summary) }))

            FAULTS (--faults A,B); the ticker FAULT:NAME triggers one too
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

    @Option(name: .long, help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(name: .long, help: "Port of all simulated services, 0 for any free one.")
    var port = 9001

    @Option(name: .long, help: "Seed of the market: the same seed gives the same numbers.")
    var seed: UInt64 = 1

    @Option(name: .long, help: "Which upstream is simulated; see above.")
    var scenario = Scenario.live

    @Option(name: .long, help: "Faults to inject, separated by commas; see above.", transform: { try FaultList($0) })
    var faults = FaultList()

    @Option(name: .long, help: "Number of times to inject each fault (default: no limit).")
    var faultLimit: Int?

    @Option(name: .long, help: "Folder of recorded messages (*-msgN.txt) to replay as history.")
    var recording: String?

    @Option(name: .long, help: "Certificate to speak TLS with (PEM).")
    var tlsCert: String?

    @Option(name: .long, help: "Key of the certificate (PEM).")
    var tlsKey: String?

    @Flag(name: .long, help: "Speak TLS with a new self-signed certificate; SSL_CERT_FILE is printed too.")
    var tls = false

    @Option(name: .long, help: "Log level on standard error.")
    var logLevel = Logger.Level.warning

    @Option(name: .long, help: "File to write the environment to, once the simulator listens.")
    var envFile: String?

    @Flag(
        name: .long,
        help: ArgumentHelp("Taken as on any command; the simulator plays the mock market anyway.", visibility: .hidden))
    var mock = false

    func run() async throws {
        try await Bhav.reporting {
            let logger = Logger.forStandardError(level: logLevel)
            let simulator = try simulator(logger: logger)
            let group = ServiceGroup(
                services: [simulator, SimulatorAnnouncement(simulator: simulator, file: envFile)],
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
        var configuration = SimulatorConfiguration(scenario: scenario)
        guard (0...65_535).contains(port) else {
            throw CommandFailure(message: "--port must be from 0 to 65535, got \(port)", exitCode: .usage)
        }
        configuration.host = host
        configuration.port = port
        configuration.seed = seed
        configuration.faults = faults.faults
        configuration.faultLimit = faultLimit
        configuration.recording = recording
        switch (tlsCert, tlsKey) {
        case (let certificate?, let key?): configuration.encryption = .files(certificate: certificate, key: key)
        case (nil, nil): configuration.encryption = tls ? .selfMade : .none
        default: throw CommandFailure(message: "--tls-cert and --tls-key need each other; give both", exitCode: .usage)
        }
        return configuration
    }

}

extension Scenario: ExpressibleByArgument {}

/// The faults of `--faults`.
struct FaultList: Sendable, CustomStringConvertible {
    private(set) var faults: Set<Fault> = []

    init() {}

    /// - Throws: `ValidationError`, listing the known ones.
    init(_ text: String) throws {
        do throws(SimulatorConfigurationError) {
            faults = try Fault.list(text)
        } catch {
            throw ValidationError(error.message)
        }
    }

    var description: String { faults.map(\.rawValue).sorted().joined(separator: ",") }
}

/// Prints the environment once the simulator listens.
private struct SimulatorAnnouncement: Service {
    let simulator: UpstreamSimulator
    let file: String?

    func run() async throws {
        // A simulator that could not listen reports that itself, as the error of its service.
        if let port = try? await simulator.listeningPort() {
            let lines = simulator.environment(port: port).map { "\($0.name)=\($0.value)\n" }
            if let file { try SimulatorAnnouncement.write(lines.joined(), to: file) }
            try DataOutput().write(lines.joined())
        }
        try await gracefulShutdown()
    }

    /// Writes the file under another name first, so that a reader never sees part of it.
    private static func write(_ text: String, to file: String) throws {
        let unfinished = file + ".part"
        try DataOutput(path: unfinished).write(text)
        guard rename(unfinished, file) == 0 else { throw CommandFailure.cannotWrite(file, errno) }
    }
}
