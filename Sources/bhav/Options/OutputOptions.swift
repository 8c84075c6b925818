public import ArgumentParser
import Foundation
public import MarketFormats

/// The shape in which data is printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case table, csv, json, ndjson, arrow

    /// What the ending of a file's name means.
    static let endings: [String: OutputFormat] = [
        "csv": .csv, "json": .json, "ndjson": .ndjson, "jsonl": .ndjson, "txt": .table, "arrow": .arrow,
        "arrows": .arrow,
    ]

    /// Endings of formats that another program has to write.
    static let foreign: Set<String> = [
        "xlsx", "xls", "ods", "parquet", "pq", "feather", "tsv", "h5", "hdf5", "sqlite", "db", "gz", "zip",
        "zst",
    ]
}

extension TimeStyle: ExpressibleByArgument {}

/// Where and how data is printed.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .long,
        help:
            "Output format (default: by the extension of --output, else BHAV_FORMAT, else table on a terminal; in a pipe json for oi, ndjson for live, csv for the others)."
    )
    var format: OutputFormat?

    @Option(name: .shortAndLong, help: "File to write, in the format of its extension; - for standard output.")
    var output: String?

    @Option(name: .long, help: "Style of times in tables and csv: unix seconds, iso (UTC) or exchange.")
    var time: TimeStyle?

    func validate() throws {
        if format == nil, let ending, OutputFormat.foreign.contains(ending) {
            throw ValidationError(
                "bhav does not write .\(ending); use .csv, .json, .ndjson, .arrow or .txt, or the Python client for other formats"
            )
        }
        if let name = Self.environmentFormat, OutputFormat(rawValue: name) == nil {
            let known = OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("BHAV_FORMAT '\(name)' is not a format; use one of \(known)")
        }
    }

    private static var environmentFormat: String? {
        ProcessInfo.processInfo.environment["BHAV_FORMAT"].flatMap { $0.isEmpty ? nil : $0.lowercased() }
    }

    private var ending: String? {
        guard let output, output != "-", !namesFolder else { return nil }
        let ending = URL(fileURLWithPath: output).pathExtension.lowercased()
        return ending.isEmpty ? nil : ending
    }

    /// The requested format, or the default for the destination.
    func format(inPipe standard: OutputFormat) -> OutputFormat {
        if let format { return format }
        if let ending, let format = OutputFormat.endings[ending] { return format }
        if let format = Self.environmentFormat.flatMap(OutputFormat.init(rawValue:)) { return format }
        return output == nil && DataOutput.isTerminal ? .table : standard
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
            throw CommandFailure(
                message: "cannot create the folder '\(output)'; choose another with --output", exitCode: .cannotWrite)
        }
    }

    /// Where the data goes.
    func destination() throws -> DataOutput {
        if let output, output != "-" { try DataOutput(path: output) } else { DataOutput() }
    }
}
