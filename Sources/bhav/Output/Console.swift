import Foundation

/// What is said to the person at the terminal, beside the data: standard error.
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

    /// Writes text as it stands; what cannot be written is lost, there is nobody left to tell.
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
