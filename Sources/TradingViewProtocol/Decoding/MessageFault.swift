/// Why JSON is not the message that it says it is.
struct MessageFault: Error, Hashable {
    /// What is wrong, in plain words.
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
