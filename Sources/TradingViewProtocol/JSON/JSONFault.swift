/// Why bytes are not the JSON expected.
struct JSONFault: Error, Hashable {
    /// What is wrong, in plain words.
    let reason: String
    /// The byte where it was seen.
    let offset: Int
}
