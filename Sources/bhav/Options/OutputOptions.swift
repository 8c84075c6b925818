import ArgumentParser
import MarketAnswers

/// Where and how data is printed.
struct OutputOptions: ParsableArguments {
    @Option(name: .long, help: "table, csv, json or ndjson; on a terminal a table, else what suits a pipe.")
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
    var output: String?

    @Option(name: .long, help: "How tables and csv print times: unix (seconds), iso (UTC) or exchange.")
    var time: TimeStyle?

    /// The format asked for, or what suits where the data goes.
    func format(inPipe standard: OutputFormat) -> OutputFormat {
        format ?? (output == nil && DataOutput.isTerminal ? .table : standard)
    }

    /// Where the data goes.
    func destination() throws -> DataOutput {
        if let output, output != "-" { try DataOutput(path: output) } else { DataOutput() }
    }
}
