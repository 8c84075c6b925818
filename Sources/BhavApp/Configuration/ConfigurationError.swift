/// A setting that cannot be used, by its name and what is wrong with it. A secret's value is never repeated.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting, as it is written in the environment.
    public let name: String
    /// What is wrong, and what would be right.
    public let message: String
    /// Whether the setting was given as an option of the command line, and not by the environment or `.env`.
    public private(set) var isOption = false

    /// An unusable setting.
    public init(_ name: String, _ message: String) {
        self.name = name
        self.message = message
    }

    /// The same, told apart by where the setting was given.
    func given(in options: [String: String]) -> ConfigurationError {
        var error = self
        error.isOption = options[name] != nil
        return error
    }

    /// The name and what is wrong.
    public var description: String { "\(name): \(message)" }
}
