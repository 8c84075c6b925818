/// An entry point for bytes from outside: whatever they are, it ends in a value that is in order or in an error.
struct FuzzTarget: Sendable {
    /// The name of the target and of the folder of its corpus.
    let name: String
    /// Reads the bytes.
    /// - Throws: `FuzzFailure` for a value that is not in order.
    let read: @Sendable ([UInt8]) throws -> Void

    /// All targets.
    static let all = protocolTargets + sourceTargets + serverTargets + fileTargets
}

/// What a reader made of bytes and must not.
struct FuzzFailure: Error, CustomStringConvertible {
    let description: String
}

/// - Throws: `FuzzFailure` where the condition does not hold.
func require(_ condition: Bool, _ failure: @autoclosure () -> String) throws {
    if !condition { throw FuzzFailure(description: failure()) }
}

/// - Throws: `FuzzFailure` where values do not rise.
func requireRising(_ values: [some Comparable], _ what: String) throws {
    try require(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "\(what) are not in order")
}
