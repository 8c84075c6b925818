import ArgumentParser
import BhavApp
import MarketStore

/// `bhav backup`: a copy of the store, also while a server writes to it.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store as it is now into a new file, also while it is in use.",
        discussion: "To go back to it, stop what writes to the store and put the file in its place in BHAV_DATA."
    )

    @Argument(help: "The new file.")
    var file: String

    @OptionGroup var market: MarketOptions

    func run() async throws {
        try await market.withStore(.reading, asking: { file }) { store, configuration, file in
            do {
                try await store.backUp(to: file)
            } catch let error as StoreError {
                let exit = error.code == .corrupt ? CommandExit.unreadable : .cannotWrite
                throw CommandFailure(message: error.message, exitCode: exit)
            }
            let name = "\(configuration.dataFolder)/\(configuration.storeContents.rawValue).sqlite"
            Console.say("bhav: \(name) as it is now is in \(file)")
        }
    }
}
