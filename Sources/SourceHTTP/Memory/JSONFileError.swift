/// Why a small file of ours cannot be read or kept.
public struct JSONFileError: Error, Hashable, Sendable {
    /// In plain words, with the file's path.
    public let words: String

    /// An error in plain words.
    public init(_ words: String) { self.words = words }
}
