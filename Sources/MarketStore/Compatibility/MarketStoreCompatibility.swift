import MarketData

/// The checks that every store implementation must pass. Run each check on a new, empty store.
public enum MarketStoreCompatibility {
    /// All checks.
    public static let checks: [CompatibilityCheck] =
        bars + revisions + generations + coverage + retention + jobs + sequences + openInterest + recording
        + snapshotIndex
        + instruments
}

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

/// A check that a store did not pass.
public struct CompatibilityFailure: Error, CustomStringConvertible, Sendable {
    /// The expected and the actual value.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// - Throws: `CompatibilityFailure` where the condition does not hold.
func require(_ condition: Bool, _ description: @autoclosure () -> String) throws {
    if !condition { throw CompatibilityFailure(description()) }
}

/// - Throws: `CompatibilityFailure`, naming both, where they differ.
func requireEqual<Value: Equatable>(_ value: Value, _ expected: Value, _ what: @autoclosure () -> String) throws {
    if value != expected { throw CompatibilityFailure("\(what()): \(value) instead of \(expected)") }
}

extension MarketStoreCompatibility {
    static let sequences: [CompatibilityCheck] = (1...8).map { seed in
        CompatibilityCheck(
            "overlapping, repeated, reordered writes end in the content of one clean write (seed \(seed))"
        ) { store in
            var random = SeededRandom(state: UInt64(seed))
            let truth = MarketTruth(days: 3, &random)
            for run in truth.responses(&random) { try await store.write(run) }
            let clean = truth.cleanRun
            let stored = try await store.bars(of: clean.key, in: .always)
            try require(stored.bars == clean.bars, "the bars differ from those of a clean write")
            try requireEqual(try await store.coverage(of: clean.key), clean.coverage, "coverage")
            try requireEqual(try await store.revisions(of: clean.key), [], "revisions")
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), so that a failing sequence can be reproduced.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
