import ArgumentParser
import Foundation
import MarketFormats

/// Where and how data is printed.
struct OutputOptions: ParsableArguments {
    @Option(name: .long, help: "table, csv, json, ndjson or arrow; on a terminal a table, else what suits a pipe.")
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "Write to this file instead of standard output.")
    var output: String?

    @Option(name: .long, help: "How tables and csv print times: unix (seconds), iso (UTC) or exchange.")
    var time: TimeStyle?

    /// The format asked for, or what suits where the data goes.
    func format(inPipe standard: OutputFormat) -> OutputFormat {
        format ?? (output == nil && DataOutput.isTerminal ? .table : standard)
    }

    /// Whether `--output` is a folder, by its slash at the end or because it is one.
    var namesFolder: Bool {
        guard let output, output != "-" else { return false }
        var isFolder = ObjCBool(false)
        return output.hasSuffix("/")
            || FileManager.default.fileExists(atPath: output, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Makes the folder that `--output` names, where it names one.
    /// - Throws: `CommandFailure` where it cannot be made.
    func makeFolder() throws {
        guard let output, output != "-" else { return }
        do {
            try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(message: "cannot make the folder '\(output)' for many symbols", exitCode: .cannotWrite)
        }
    }

    /// Where the data goes.
    func destination() throws -> DataOutput {
        if let output, output != "-" { try DataOutput(path: output) } else { DataOutput() }
    }
}
