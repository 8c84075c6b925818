import Foundation

/// A small JSON file that several processes read and change. It is replaced as a whole, under a lock that lies beside it
/// (`flock`, advisory: the kernel releases it when its holder ends), so that a reader never sees half of it and no
/// change is lost.
public struct SharedJSONFile<Value: Codable & Equatable & Sendable>: Sendable {
    /// Where it lies. Its folder is made when something is first kept.
    public let path: String
    private let empty: Value

    /// A file, and the value of one that does not exist yet.
    public init(path: String, empty: Value) {
        self.path = path
        self.empty = empty
    }

    /// What the file holds.
    /// - Throws: `JSONFileError` for a file that exists and cannot be read.
    public func read() throws(JSONFileError) -> Value {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch CocoaError.fileReadNoSuchFile {
            return empty
        } catch {
            throw JSONFileError("cannot read \(path)")
        }
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw JSONFileError("\(path) is invalid; delete it to start again")
        }
    }

    /// Lets a change happen to what the file holds, and replaces the file where something did change.
    /// - Throws: `JSONFileError`; the file is then unchanged.
    public func change<Result>(_ body: (inout Value) -> Result) throws(JSONFileError) -> Result {
        let lock = try takeLock()
        defer { close(lock) }
        let before = try read()
        var after = before
        let result = body(&after)
        if after != before { try replace(by: after) }
        return result
    }

    private func takeLock() throws(JSONFileError) -> Int32 {
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw JSONFileError("cannot open \(path).lock: \(String(cString: strerror(errno)))") }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(lock)
                throw JSONFileError("cannot lock \(path).lock: \(reason)")
            }
        }
        return lock
    }

    private func replace(by value: Value) throws(JSONFileError) {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try encoder.encode(value).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw JSONFileError("cannot write \(path)")
        }
    }
}

/// Why one of Bhav's JSON files cannot be read or saved.
public struct JSONFileError: Error, Hashable, Sendable {
    /// In plain words, with the file's path.
    public let words: String

    /// An error in plain words.
    public init(_ words: String) { self.words = words }
}
