/// A check that a store did not pass.
public struct CompatibilityFailure: Error, CustomStringConvertible, Sendable {
    /// What was expected, and what came.
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
