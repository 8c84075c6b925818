public import ArgumentParser
import BhavApp
import Foundation
public import Logging
import MarketData
import MarketHub
import MarketStore

/// Which market a command asks, and how much it says of its work.
struct MarketOptions: ParsableArguments {
    @Flag(name: .long, help: "Use the mock market (USE_MOCK_DATA=true); every number is marked simulated.")
    var mock = false

    @Option(name: .long, help: "Log level on standard error (LOG_LEVEL).")
    var logLevel: Logger.Level?

    /// The configuration of this run: these options over the environment over `.env`.
    /// - Throws: `ConfigurationError`.
    func configuration(_ more: [String: String] = [:]) throws -> AppConfiguration {
        var options = more
        if mock { options["USE_MOCK_DATA"] = "true" }
        if let logLevel { options["LOG_LEVEL"] = logLevel.rawValue }
        let configuration = try AppConfiguration(
            options: options, environment: ProcessInfo.processInfo.environment, dotEnvPath: ".env")
        // Before anything is made that goes by a calendar.
        configuration.installCalendar()
        return configuration
    }

    /// Reads the configuration again later, by the same options.
    func reloading(_ more: [String: String]) -> @Sendable () throws -> AppConfiguration {
        var options = more
        if mock { options["USE_MOCK_DATA"] = "true" }
        if let logLevel { options["LOG_LEVEL"] = logLevel.rawValue }
        let given = options
        return {
            try AppConfiguration(
                options: given, environment: ProcessInfo.processInfo.environment, dotEnvPath: ".env")
        }
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
            let asked = try await resolving(question)
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

    /// The most names that are searched for.
    private static let mostSearches = 100

    /// Reads what is asked; a bare ticker that the symbol book does not know is searched for, and read again as what was
    /// found where that is exactly one instrument.
    private func resolving<Question>(_ question: () throws -> Question) async throws -> Question {
        var names = SearchedNames()
        for _ in 0..<MarketOptions.mostSearches {
            do {
                return try SearchedNames.$current.withValue(names) { try question() }
            } catch let unknown as SymbolName.Unknown where !names.failed.contains(unknown.name) {
                if let symbol = await onlyMatch(unknown.name) {
                    names.found[unknown.name] = symbol
                    Console.say("bhav: '\(unknown.name)' is \(symbol)")
                } else {
                    names.failed.insert(unknown.name)
                }
            } catch let unknown as SymbolName.Unknown {
                throw await proposing(unknown)
            }
        }
        return try question()
    }

    /// The one instrument that the search knows by this very ticker; `nil` where there are none or several.
    private func onlyMatch(_ name: String) async -> Symbol? {
        guard let configuration = try? configuration() else { return nil }
        let ticker = name.uppercased()
        let found = try? await Market.run(configuration, logger: .forStandardError(level: .critical)) { market in
            try await within(.seconds(3)) {
                try await market.hub.search(SymbolQuery(text: ticker, limit: 50)).map(\.symbol)
            }
        }
        let exact = Set((found ?? []).filter { $0.ticker == ticker })
        return exact.count == 1 ? exact.first : nil
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

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// Does work for so long at the most.
/// - Throws: `CancellationError` at the deadline, or what the work throws.
private func within<Value: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: work)
        group.addTask {
            try await Task.sleep(for: limit)
            throw CancellationError()
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

extension MarketOptions {
    /// Reads what is asked, then does work on the store alone, without asking any source. A failure becomes a message
    /// and an exit code.
    func withStore<Question: Sendable>(
        _ access: SQLiteMarketStore.Access,
        asking question: () throws -> Question,
        _ body: @escaping @Sendable (SQLiteMarketStore, AppConfiguration, Question) async throws -> Void
    ) async throws {
        try await Bhav.reporting {
            let question = try question()
            let configuration = try configuration()
            try await Interruption.cancelling {
                try await CommandFailure.namingStore(configuration) {
                    let store = try configuration.openStore(for: access)
                    try await body(store, configuration, question)
                }
            }
        }
    }
}

extension CommandFailure {
    /// Does work on a store; a failure of it names the folder and what to do.
    static func namingStore(_ configuration: AppConfiguration, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as StoreError {
            throw CommandFailure(
                message: "store (BHAV_DATA=\(configuration.dataFolder)): \(error.message)",
                exitCode: CommandExit(error.code))
        }
    }
}

extension CommandExit {
    init(_ code: StoreError.Code) {
        self =
            switch code {
            case .full, .readOnly: .cannotWrite
            case .corrupt, .refused: .unreadable
            case .newerVersion, .cannotOpen: .configuration
            case .inUse, .busy: .tryAgainLater
            case .failed: .unavailable
            }
    }
}
