import ArgumentParser
import BhavApp
import MarketStore

/// `bhav store`: the store itself.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "The store itself: what is in it, its health, its jobs, and for how long bars are kept.",
        subcommands: [InfoCommand.self, CheckCommand.self, JobsCommand.self, RetainCommand.self]
    )

    /// `bhav store check`: is the store sound?
    struct CheckCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Read all of the store and say what should not be; exit code 65 where something is.",
            discussion: "The store is only read. It may be in use meanwhile."
        )

        @OptionGroup var market: MarketOptions

        func run() async throws {
            try await market.withStore(.reading, asking: {}) { store, configuration, _ in
                let faults = try await store.check()
                guard faults.isEmpty else {
                    for fault in faults { Console.say("bhav: \(fault.message)") }
                    throw CommandFailure(
                        message: "the store in \(configuration.dataFolder) is damaged (\(faults.count) faults); "
                            + "restore a backup, or move the file away and backfill anew", exitCode: .unreadable)
                }
                let series = try await store.series()
                let bars = series.reduce(0) { $0 + $1.bars }
                let revisions = series.reduce(0) { $0 + $1.revisions }
                Console.say(
                    "bhav: the store in \(configuration.dataFolder) is sound: \(series.count) series, \(bars) bars, "
                        + "\(revisions) former values")
            }
        }
    }
}
