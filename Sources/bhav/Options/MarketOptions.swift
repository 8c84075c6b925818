public import ArgumentParser
import BhavApp
import Foundation
public import Logging
import MarketData
import MarketHub
import MarketStore

/// Selects the market and the log level of a command.
struct MarketOptions: ParsableArguments {
    @Flag(name: .long, help: "Use the mock market (USE_MOCK_DATA=true); every number is marked simulated.")
    var mock = false

    @Option(name: .long, help: "Log level on standard error (LOG_LEVEL).")
    var logLevel: Logger.Level?

    /// The running server of `BHAV_URL` that a reading command uses; `nil` where there is none, or `--mock` is given.
    /// - Throws: `ConfigurationError`.
    func runningServer() throws -> RunningServer? { mock ? nil : try configuration().runningServer }

    /// The configuration of this run: these options over the environment over `.env`.
    /// - Throws: `ConfigurationError`.
    func configuration(_ more: [String: String] = [:]) throws -> AppConfiguration {
        var options = more
        if mock { options["USE_MOCK_DATA"] = "true" }
        if let logLevel { options["LOG_LEVEL"] = logLevel.rawValue }
        let configuration = try AppConfiguration(
            options: options, environment: ProcessInfo.processInfo.environment, dotEnvPath: ".env")
        // Before anything is made that uses a calendar.
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

    /// Reads the input before anything is connected, then runs the body on the market. A failure becomes a message and
    /// an exit code.
    /// - Parameters:
    ///   - usingStore: Whether received data are stored, and past data read from the store.
    ///   - throughServer: Whether the running server of `BHAV_URL` takes the place of the sources and the store.
    func withMarket<Input: Sendable>(
        usingStore: Bool = false,
        throughServer: Bool = true,
        reading readInput: () throws -> Input,
        configure: (inout AppConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Market, Input) async throws -> Void
    ) async throws {
        try await Bhav.reporting {
            let input = try await resolving(readInput, throughServer)
            var configuration = try marketConfiguration(throughServer: throughServer)
            configure(&configuration)
            // A one-shot command's own result says what failed; the log would say it twice.
            let level = logLevel == nil ? max(configuration.logLevel, .error) : configuration.logLevel
            let logger = Logger.forStandardError(level: level)
            let settings = configuration
            let store =
                usingStore && settings.runningServer == nil ? OpenedStore.forServing(settings, logger: logger) : nil
            try await Interruption.cancelling {
                try await Market.run(settings, store: store, logger: logger) { market in
                    try await body(market, input)
                }
            }
        }
    }

    private func marketConfiguration(throughServer: Bool) throws -> AppConfiguration {
        var configuration = try configuration()
        if mock || !throughServer { configuration.runningServer = nil }
        return configuration
    }

    /// The most names that are searched for.
    private static let mostSearches = 100

    /// Reads the input. A bare ticker that is not in the symbol book is searched for; exactly one match replaces it.
    private func resolving<Input>(_ readInput: () throws -> Input, _ throughServer: Bool) async throws -> Input {
        var names = SearchedNames()
        for _ in 0..<MarketOptions.mostSearches {
            do {
                return try SearchedNames.$current.withValue(names) { try readInput() }
            } catch let unknown as SymbolName.Unknown where !names.failed.contains(unknown.name) {
                if let symbol = await onlyMatch(unknown.name, throughServer) {
                    names.found[unknown.name] = symbol
                    Console.say("bhav: '\(unknown.name)' is \(symbol)")
                } else {
                    names.failed.insert(unknown.name)
                }
            } catch let unknown as SymbolName.Unknown {
                throw await proposing(unknown, throughServer)
            }
        }
        return try readInput()
    }

    /// The one instrument that the search knows by this very ticker; `nil` where there are none or several.
    private func onlyMatch(_ name: String, _ throughServer: Bool) async -> Symbol? {
        guard let configuration = try? marketConfiguration(throughServer: throughServer) else { return nil }
        let ticker = name.uppercased()
        let found = try? await Market.run(configuration, logger: .forStandardError(level: .critical)) { market in
            try await within(.seconds(3)) {
                try await market.hub.search(SymbolQuery(text: ticker, limit: 50)).map(\.symbol)
            }
        }
        let exact = Set((found ?? []).filter { $0.ticker == ticker })
        return exact.count == 1 ? exact.first : nil
    }

    /// Returns the error for an unknown name, with suggestions from the search.
    private func proposing(_ unknown: SymbolName.Unknown, _ throughServer: Bool) async -> any Error {
        guard let configuration = try? marketConfiguration(throughServer: throughServer) else { return unknown }
        let proposal = try? await Market.run(configuration, logger: .forStandardError(level: .critical)) {
            await $0.hub.proposing(unknown.error, for: unknown.name)
        }
        return unknown.located(proposal)
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// Does work for a limited time.
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
    /// Reads the input, then runs the body on the store alone, without any source. A failure becomes a message and an
    /// exit code.
    func withStore<Input: Sendable>(
        _ access: SQLiteMarketStore.Access,
        reading input: () throws -> Input,
        _ body: @escaping @Sendable (SQLiteMarketStore, AppConfiguration, Input) async throws -> Void
    ) async throws {
        try await Bhav.reporting {
            let input = try input()
            let configuration = try configuration()
            try await Interruption.cancelling {
                try await CommandFailure.namingStore(configuration) {
                    let store = try configuration.openStore(for: access)
                    try await body(store, configuration, input)
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
