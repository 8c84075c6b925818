public import Foundation

/// Recorded messages of the real upstreams, which are not part of the project: the folder that `BHAV_CAPTURES` names.
public enum Captures {
    /// The folder; `nil` where there is none, and suites that need it are skipped.
    public static let folder: URL? = ProcessInfo.processInfo.environment["BHAV_CAPTURES"].flatMap { path in
        path.isEmpty ? nil : URL(fileURLWithPath: path, isDirectory: true)
    }

    /// Whether recordings are available.
    public static var areThere: Bool { folder != nil }

    /// The bytes of a recording.
    /// - Parameter path: Below the folder, such as `nse/INDEX.md`.
    public static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { throw CocoaError(.fileNoSuchFile) }
        return Array(try Data(contentsOf: folder.appendingPathComponent(path)))
    }

    /// The names of the files of a subfolder that end so, sorted.
    public static func names(in subfolder: String, ending: String = "") throws -> [String] {
        guard let folder else { return [] }
        return try FileManager.default.contentsOfDirectory(
            atPath: folder.appendingPathComponent(subfolder).path
        ).filter { $0.hasSuffix(ending) }.sorted()
    }
}
