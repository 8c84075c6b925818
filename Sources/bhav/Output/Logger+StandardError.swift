import Logging

extension Logger {
    /// A logger that writes to standard error, where it never mixes with data.
    static func forStandardError(level: Logger.Level) -> Logger {
        var logger = Logger(label: "bhav", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }

    /// A logger for work that says everything itself.
    static let silent = Logger(label: "bhav", factory: { _ in SwiftLogNoOpLogHandler() })
}
