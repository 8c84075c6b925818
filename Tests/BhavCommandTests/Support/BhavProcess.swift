import Foundation
import Synchronization
import Testing

/// The built `bhav`, run as a user runs it.
struct BhavProcess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        var lines: [Substring] { output.split(separator: "\n") }

        /// The first number of that name in the output's JSON. Foundation's own reader is off by the last bit at times.
        func number(named name: String) -> Double? {
            guard let key = output.range(of: "\"\(name)\":") else { return nil }
            return Double(output[key.upperBound...].prefix { !",}".contains($0) })
        }

        /// The integers in the first line of standard error that contains a text.
        func numbers(in text: String) -> [Int] {
            errors.split(separator: "\n").first { $0.contains(text) }.map(BhavProcess.numbers) ?? []
        }
    }

    /// Where the build put the program: beside the test bundle.
    static let program: URL = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("bhav")
    }()

    /// The integers that are words of a line.
    static func numbers(_ line: Substring) -> [Int] {
        line.split(separator: " ").compactMap { Int($0.trimmingCharacters(in: .punctuationCharacters)) }
    }

    /// Runs to the end, or for `seconds` at the most; being stopped then is a failure of the test.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String? = nil, seconds: Double = 60
    ) async throws -> Result {
        let process = process(arguments, environment)
        // The path of a file that is standard input.
        if let input { process.standardInput = FileHandle(forReadingAtPath: input) }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        async let outputText = text(of: output)
        async let errorText = text(of: errors)
        let status: Int32 = try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await finished(process) }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            let first = try await group.next() ?? nil
            if first == nil { process.terminate() }
            group.cancelAll()
            guard let first else {
                Issue.record("bhav \(arguments.joined(separator: " ")) had not ended after \(seconds) s")
                return -1
            }
            return first
        }
        return Result(status: status, output: try await outputText, errors: try await errorText)
    }

    /// What programs take over from the tests: a clock that was moved, and the options of a sanitizer.
    static let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
        [
            "PATH", "HOME", "LD_PRELOAD", "SHIFT_SECONDS", "BHAV_CLOCK_OFFSET", "ASAN_OPTIONS", "TSAN_OPTIONS",
        ].contains(name)
    }

    /// A process that is not started yet, with the clock of the tests and its own data folder.
    static func process(_ arguments: [String], _ environment: [String: String] = [:]) -> Process {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        // An empty folder: a developer's own .env must not reach the tests.
        process.currentDirectoryURL = URL(fileURLWithPath: NSTemporaryDirectory())
        // A separate folder, so that a run's files reach neither the user's data nor the next test.
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-data-\(UUID().uuidString)")
        process.environment = inherited.merging(["BHAV_DATA": folder.path]) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private static func finished(_ process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }

    /// The first lines that a running program prints.
    static func firstLines(_ count: Int, of pipe: Pipe) async throws -> [Substring] {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes = Data()
                while bytes.count(where: { $0 == UInt8(ascii: "\n") }) < count {
                    let more = pipe.fileHandleForReading.availableData
                    if more.isEmpty { break }
                    bytes += more
                }
                continuation.resume(returning: String(decoding: bytes, as: UTF8.self).split(separator: "\n"))
            }
        }
    }

    private static func text(of pipe: Pipe) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Swift.Result {
                        String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                    })
            }
        }
    }
}
