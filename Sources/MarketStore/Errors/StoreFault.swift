/// Something in a store that should not be.
public struct StoreFault: Hashable, Sendable {
    /// What, and where.
    public let message: String

    /// A fault, named.
    public init(_ message: String) { self.message = message }
}
