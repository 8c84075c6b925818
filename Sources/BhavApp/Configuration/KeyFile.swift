import Foundation
import MarketData
public import MarketServer

/// The file of hashed API keys: one key a line, comments begin with `#`.
public struct KeyFile: Sendable {
    /// The largest file that is read, in bytes.
    private static let largest = 1 << 20

    /// Where the file is, or will be.
    public let path: String

    /// The file at a path.
    public init(path: String) { self.path = path }

    /// Returns the keys; none where there is no file.
    /// - Throws: `ConfigurationError`, naming the file and the line.
    public func keys() throws(ConfigurationError) -> [APIKey] {
        let text = try text()
        do throws(MarketDataError) {
            return try APIKey.read(file: text)
        } catch {
            throw ConfigurationError("BHAV_KEYS_FILE", "cannot use '\(path)': \(error.message)")
        }
    }

    /// Adds a key.
    /// - Throws: `ConfigurationError` where the name is taken, or the file cannot be read or written.
    public func add(_ key: APIKey) throws(ConfigurationError) {
        let lock = try takeLock()
        defer { close(lock) }
        guard try !keys().contains(where: { $0.name == key.name }) else {
            throw ConfigurationError(
                "BHAV_KEYS_FILE", "'\(path)' has a key '\(key.name)'; choose another name, or revoke it first")
        }
        let text = try text()
        try write(text + (text.isEmpty || text.hasSuffix("\n") ? "" : "\n") + key.line + "\n")
    }

    /// Removes the key of a name, and keeps everything else as it is.
    /// - Returns: Whether there was one.
    /// - Throws: `ConfigurationError` where the file cannot be read or written.
    public func remove(_ name: String) throws(ConfigurationError) -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        let lock = try takeLock()
        defer { close(lock) }
        let lines = try text().split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { line in
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map { $0 != name } ?? true
        }
        guard kept.count < lines.count else { return false }
        try write(kept.joined(separator: "\n"))
        return true
    }

    private func text() throws(ConfigurationError) -> String {
        guard FileManager.default.fileExists(atPath: path) else { return "" }
        guard let data = FileManager.default.contents(atPath: path), data.count <= KeyFile.largest else {
            throw ConfigurationError("BHAV_KEYS_FILE", "cannot read '\(path)', or it exceeds 1 MB")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Waits until no other process changes the file. The lock is a file beside it, since the file itself is replaced.
    /// - Returns: What to close once the change is written.
    private func takeLock() throws(ConfigurationError) -> Int32 {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lock = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else {
            throw ConfigurationError(
                "BHAV_KEYS_FILE", "cannot write '\(path).lock': \(String(cString: strerror(errno)))")
        }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(lock)
                throw ConfigurationError("BHAV_KEYS_FILE", "cannot lock '\(path).lock': \(reason)")
            }
        }
        return lock
    }

    /// Replaces the file at once, readable by its owner alone.
    private func write(_ text: String) throws(ConfigurationError) {
        let unfinished = path + ".part"
        try? FileManager.default.removeItem(atPath: unfinished)
        let written = FileManager.default.createFile(
            atPath: unfinished, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard written, rename(unfinished, path) == 0 else {
            throw ConfigurationError("BHAV_KEYS_FILE", "cannot write '\(path)': \(String(cString: strerror(errno)))")
        }
    }
}
