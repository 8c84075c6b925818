import ArgumentParser
import BhavApp
import Foundation
import Logging
import MarketHub

/// Which market a command asks, and how much it says of its work.
struct MarketOptions: ParsableArguments {
    @Flag(name: .long, help: "Use the mock market (USE_MOCK_DATA=true); every number is marked simulated.")
    var mock = false

    @Option(name: .long, help: "How much to log to standard error: trace to critical (LOG_LEVEL).")
    var logLevel: String?

    /// The configuration of this run: these options over the environment over `.env`.
    /// - Throws: `ConfigurationError`.
    func configuration(_ more: [String: String] = [:]) throws -> AppConfiguration {
        var options = more
        if mock { options["USE_MOCK_DATA"] = "true" }
        if let logLevel { options["LOG_LEVEL"] = logLevel }
        let configuration = try AppConfiguration(
            options: options, environment: ProcessInfo.processInfo.environment, dotEnvPath: ".env")
        // Before anything is made that goes by a calendar.
        configuration.installCalendar()
        return configuration
    }

    /// Reads what is asked, before anything is connected; then asks the market. A failure becomes a message and an
    /// exit code.
    /// - Parameter remembering: Whether what is seen is kept in the store, and the past answered from it.
    func withMarket<Question: Sendable>(
        remembering: Bool = false,
        asking question: () throws -> Question,
        configure: (inout AppConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Market, Question) async throws -> Void
    ) async throws {
        try await Bhav.reporting {
            let asked: Question
            do {
                asked = try question()
            } catch let unknown as SymbolName.Unknown {
                throw await proposing(unknown)
            }
            var configuration = try configuration()
            configure(&configuration)
            // A one-shot command's own result says what failed; the log would say it twice.
            let level = logLevel == nil ? max(configuration.logLevel, .error) : configuration.logLevel
            let logger = Logger.forStandardError(level: level)
            let settings = configuration
            let store = remembering ? OpenedStore.forAnswers(settings, logger: logger) : nil
            try await Interruption.cancelling {
                try await Market.run(settings, store: store, logger: logger) { market in
                    try await body(market, asked)
                }
            }
        }
    }

    /// The error about a name that stands for nothing, with what the market's search finds by it.
    private func proposing(_ unknown: SymbolName.Unknown) async -> any Error {
        guard let configuration = try? configuration() else { return unknown }
        let proposal = try? await Market.run(configuration, logger: .forStandardError(level: .critical)) {
            await $0.hub.proposing(unknown.error, for: unknown.name)
        }
        return unknown.located(proposal)
    }
}
