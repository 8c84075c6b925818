public import Logging

extension Logger {
    /// A logger that writes nothing.
    public static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
