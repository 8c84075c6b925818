import ArgumentParser
import BhavApp
import Foundation
import MarketData
import ServiceLifecycle
import UnixSignals

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
        // An invalid argument is a usage error; an invalid variable of the environment is not.
        self.init(
            message: (error.isOption ? "option " : "configuration: ") + "\(error)",
            exitCode: error.isOption ? .usage : .configuration)
    }
}

/// The exit codes of every command, after sysexits.h.
enum CommandExit: Int32 {
    case done = 0
    case partial = 2
    case usage = 64
    case unreadable = 65
    case noSuchSymbol = 66
    case unavailable = 69
    case cannotWrite = 73
    case tryAgainLater = 75
    case notEntitled = 77
    case configuration = 78
    /// Ended by Ctrl-C before the result was complete, as shells count it.
    case interrupted = 130

    init(_ code: MarketDataError.Code) {
        self =
            switch code {
            case .badRequest, .unknownInterval, .tooLarge, .notSupported: .usage
            case .symbolNotFound, .neverTraded, .expiryNotListed, .noDataForTime: .noSuchSymbol
            case .notEntitled, .signInRefused, .unauthorized: .notEntitled
            case .throttled, .overloaded: .tryAgainLater
            case .upstreamUnavailable, .upstreamTimeout: .unavailable
            case .upstreamUnreadable: .unreadable
            }
    }
}

extension Bhav {
    /// Does a command's work; a failure is printed on standard error and becomes the exit code.
    static func reporting(_ work: () async throws -> Void) async throws {
        // A reader or a peer that goes away is an error of one write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        do {
            try await work()
        } catch let failure as CommandFailure {
            throw report(failure)
        } catch let error as MarketDataError {
            throw report(CommandFailure(error))
        } catch let unknown as SymbolName.Unknown {
            throw report(CommandFailure(unknown.located()))
        } catch let error as ConfigurationError {
            throw report(CommandFailure(error))
        } catch is CancellationError {
            throw ExitCode(CommandExit.interrupted.rawValue)
        }
    }

    private static func report(_ failure: CommandFailure) -> ExitCode {
        Console.say("bhav: " + failure.message.replacing("\n", with: "\n      "))
        return ExitCode(failure.exitCode.rawValue)
    }
}

/// Ctrl-C and SIGTERM, as the cancellation of what runs.
enum Interruption {
    /// Does the work; a signal cancels it, and it ends as cancelled work ends.
    static func cancelling(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
                return false
            }
            let finished = try await group.next() ?? true
            group.cancelAll()
            if !finished { _ = try await group.next() }
        }
    }
}
