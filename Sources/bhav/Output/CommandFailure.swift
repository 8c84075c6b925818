import BhavApp
import Foundation
import MarketData

/// Why a command failed: what to say, and the exit code that scripts see.
struct CommandFailure: Error {
    let message: String
    let exitCode: CommandExit

    static func cannotWrite(_ name: String, _ number: Int32) -> CommandFailure {
        CommandFailure(message: "cannot write to \(name): \(String(cString: strerror(number)))", exitCode: .cannotWrite)
    }
}

extension CommandFailure {
    init(_ error: MarketDataError) {
        var message = error.message
        if let source = error.source { message += " [\(source.rawValue)]" }
        if !error.suggestions.isEmpty {
            message += "\ndid you mean: " + error.suggestions.joined(separator: ", ")
        }
        if case .retry(let seconds) = error.recovery { message += "\ntry again in \(seconds) s" }
        self.init(message: "\(error.code.rawValue): \(message)", exitCode: CommandExit(error.code))
    }

    init(_ error: ConfigurationError) {
        // What was typed is the typist's to mend; what the environment says is not.
        self.init(
            message: (error.isOption ? "option " : "configuration: ") + "\(error)",
            exitCode: error.isOption ? .usage : .configuration)
    }
}
