/// A field of an answer that is not what it should be.
struct UnreadableField: Error, Hashable {
    /// Where it stands, such as `answer.data[3].CE.openInterest`.
    let path: String
    /// What was expected and what was there.
    let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// `answer.data[3].CE.openInterest: expected a number, found 'n/a'`.
    var words: String { "\(path): \(reason)" }
}
