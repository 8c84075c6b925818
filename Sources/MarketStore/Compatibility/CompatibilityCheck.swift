/// One behaviour that every store must show.
public struct CompatibilityCheck: Sendable, CustomStringConvertible {
    /// What a conformer is.
    public typealias Store = any BarStore & OpenInterestStore & SnapshotIndexStore & RecordingStore & BackfillJobStore
        & InstrumentStore

    /// The behaviour.
    public let description: String
    private let body: @Sendable (Store) async throws -> Void

    init(_ description: String, _ body: @escaping @Sendable (Store) async throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Checks an empty store of the market.
    /// - Throws: `CompatibilityFailure`, and what the store throws.
    public func run(on store: Store) async throws {
        try await body(store)
        let faults = try await store.check()
        try require(faults.isEmpty, "the store's own check found \(faults.map(\.message))")
    }
}
