/// A setting that cannot be used, by its name and what is wrong with it. A secret's value is never repeated.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting, as it is written in the environment.
    public let name: String
    /// What is wrong, and what would be right.
    public let message: String

    /// An unusable setting.
    public init(_ name: String, _ message: String) {
        self.name = name
        self.message = message
    }

    /// The name and what is wrong.
    public var description: String { "\(name): \(message)" }
}
