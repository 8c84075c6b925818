/// Why bytes are not a zip with the one file that should be in it.
enum ZipFault: Error, Hashable {
    /// There is no directory at the end: it is no zip, or it was cut off.
    case notAZip
    /// It holds so many files, and not one.
    case members(Int)
    /// Something that these files never use, such as encryption.
    case unsupported(String)
    /// The file in it would be larger than any honest one, in bytes.
    case tooLarge(Int)
    /// What it says of itself does not fit its bytes.
    case damaged(String)

    /// In plain words.
    var words: String {
        switch self {
        case .notAZip: "it is no zip, or it was cut off"
        case .members(let count): "the zip holds \(count) files where one is expected"
        case .unsupported(let what): "the zip uses \(what)"
        case .tooLarge(let bytes): "the file in the zip has \(bytes) bytes, which is too large"
        case .damaged(let what): "the zip is damaged: \(what)"
        }
    }
}
