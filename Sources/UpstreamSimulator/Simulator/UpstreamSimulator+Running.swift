public import Logging

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
