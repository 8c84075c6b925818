import Foundation

/// The lines of a text file, read piece by piece, with or without carriage returns.
struct BarFileLines {
    private static let piece = 1 << 16
    private let file: FileHandle
    private var bytes = Data()
    private var isAtEnd = false
    /// The number of the line that came last, from 1.
    private(set) var number = 0

    /// - Throws: `CommandFailure` where the file cannot be read.
    init(path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandFailure(message: "cannot read '\(path)'", exitCode: .usage)
        }
        self.file = file
    }

    /// The next line, or `nil` at the end.
    mutating func next() throws -> Substring? {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: bytes[..<end], as: UTF8.self)
                bytes = bytes[bytes.index(after: end)...]
                return counted(line)
            }
            if isAtEnd {
                guard !bytes.isEmpty else { return nil }
                let line = String(decoding: bytes, as: UTF8.self)
                bytes = Data()
                return counted(line)
            }
            let more = try file.read(upToCount: BarFileLines.piece) ?? Data()
            isAtEnd = more.isEmpty
            bytes = Data(bytes) + more
        }
    }

    /// The next line that is not empty, or `nil` at the end.
    mutating func nextFilled() throws -> Substring? {
        while let line = try next() {
            if !line.isEmpty { return line }
        }
        return nil
    }

    private mutating func counted(_ line: String) -> Substring {
        number += 1
        return line.hasSuffix("\r") ? line.dropLast() : line[...]
    }
}
