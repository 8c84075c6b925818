import ArgumentParser

/// The command line of Bhav.
@main
struct Bhav: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bhav",
        abstract: "Market data that says where it came from: bars, quotes, open interest, put-call ratios.",
        discussion: """
            Data goes to standard output, everything else to standard error.

            Exit codes: 0 done, 2 partial, 64 usage, 65 upstream sent what cannot be read, 66 no such symbol,
            69 upstream unavailable, 73 cannot write, 75 try again later, 77 not entitled or refused sign-in,
            78 configuration, 130 ended by Ctrl-C before the answer was there.
            """,
        version: Release.version,
        subcommands: [
            ServeCommand.self, HistoryCommand.self, LiveCommand.self, SearchCommand.self, ExpiriesCommand.self,
            OpenInterestCommand.self, ChainCommand.self, ContractCommand.self, PutCallRatioCommand.self,
            SimulateCommand.self, DoctorCommand.self, RecordCommand.self,
            BackfillCommand.self, GapsCommand.self, ExportCommand.self, ImportCommand.self, BackupCommand.self,
            StoreCommand.self,
        ]
    )
}
