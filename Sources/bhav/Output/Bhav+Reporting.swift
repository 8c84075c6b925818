import ArgumentParser
import BhavApp
import Foundation
import MarketData

extension Bhav {
    /// Does a command's work; a failure is said on standard error and becomes the exit code.
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
