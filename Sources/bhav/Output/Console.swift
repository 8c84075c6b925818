import Foundation

/// What is said to the person at the terminal, beside the data: standard error.
enum Console {
    /// Whether a person is looking at standard error.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Says a line.
    static func say(_ line: String) { write(line + "\n") }

    /// Writes text as it stands; what cannot be written is lost, there is nobody left to tell.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
