/// A configuration with which the simulator cannot start.
public struct SimulatorConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, naming it, and what to do.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}
