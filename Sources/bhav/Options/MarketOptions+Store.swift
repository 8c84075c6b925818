import BhavApp
import MarketData
import MarketStore

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
