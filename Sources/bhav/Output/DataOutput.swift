import ArgumentParser
import Foundation

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

    /// A file, made anew.
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
