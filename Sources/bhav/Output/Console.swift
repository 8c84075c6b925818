import ArgumentParser
import Foundation
import JSON
import Logging

/// Messages to the user beside the data: standard error.
enum Console {
    /// Whether a person is looking at standard error.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// How many columns a table may have: those of the terminal, or of `COLUMNS`, or 80.
    static var width: Int {
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 20 {
            return columns
        }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a line, or several, without what a terminal would obey.
    static func say(_ line: String) {
        write(
            line.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable + "\n" }.joined())
    }

    /// Writes text unchanged; a failed write is ignored.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension Logger {
    /// A logger that writes to standard error, where it never mixes with data.
    static func forStandardError(level: Logger.Level) -> Logger {
        var logger = Logger(label: "bhav", factory: { StreamLogHandler.standardError(label: $0) })
        logger.logLevel = level
        return logger
    }

    /// A logger for work that says everything itself.
    static let silent = Logger(label: "bhav", factory: { _ in SwiftLogNoOpLogHandler() })
}

/// Where data goes: standard output, or a file.
struct DataOutput: ~Copyable {
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let name: String

    /// Standard output.
    init() {
        descriptor = STDOUT_FILENO
        ownsDescriptor = false
        name = "standard output"
    }

    /// A new or truncated file.
    /// - Throws: `CommandFailure` with exit code 73, naming the file and the reason.
    init(path: String) throws {
        name = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        ownsDescriptor = true
        if descriptor < 0 { throw CommandFailure.cannotWrite(path, errno) }
    }

    deinit { if ownsDescriptor, descriptor >= 0 { close(descriptor) } }

    /// Whether a person is looking.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes all of it. A reader that has gone away (`| head`) ends the program quietly.
    /// - Throws: `CommandFailure` with exit code 73; `ExitCode.success` where the pipe's reader is gone.
    func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                if written >= 0 {
                    rest = rest.dropFirst(written)
                } else if errno == EPIPE {
                    throw ExitCode.success
                } else if errno != EINTR {
                    throw CommandFailure.cannotWrite(name, errno)
                }
            }
        }
    }
}

/// Shows at a terminal how long a response has been pending, from the second second on.
enum Waiting {
    /// Does the work; from the second second on a line on the terminal counts, and is wiped away at the end.
    static func forResponse<Value: Sendable>(
        _ words: String, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard Console.isTerminal else { return try await work() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for second in 1... {
                    try await Task.sleep(for: .seconds(1))
                    Console.write("\r\u{1B}[Kbhav: waiting for \(words), \(second) s")
                }
            }
            defer {
                group.cancelAll()
                Console.write("\r\u{1B}[K")
            }
            return try await work()
        }
    }
}

/// A line that shows how far long work has come: `[######......] 12/40  NSE:TCS  3.1/s, 9 s left`.
struct ProgressBar {
    let total: Int
    private static let width = 24

    /// The line after `done` of the items in `seconds`, while `label` is under way.
    func line(done: Int, seconds: Double, label: String) -> String {
        let filled = total == 0 ? ProgressBar.width : done * ProgressBar.width / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressBar.width - filled)
        return "[\(bar)] \(done)/\(total)  \(label)\(rate(done: done, seconds: seconds))"
    }

    private func rate(done: Int, seconds: Double) -> String {
        guard done > 0, seconds > 0.5 else { return "" }
        let rate = Double(done) / seconds
        let left = Int((Double(total - done) / rate).rounded(.up))
        let rounded = (rate * 10).rounded() / 10
        return "  \(rounded)/s, \(left < 120 ? "\(left) s" : "\(left / 60) min") left"
    }
}
