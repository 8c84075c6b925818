/// The name of a recorded message's file: `NAME-msgN.txt`.
struct RecordedFile: Comparable, Sendable {
    let name: String
    /// What messages of one history have in common.
    let history: String
    let number: Int

    init?(name: String) {
        guard name.hasSuffix(".txt") else { return nil }
        let stem = name.dropLast(4)
        let digits = String(stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
        let rest = stem.dropLast(digits.count)
        guard let number = Int(digits), rest.hasSuffix("-msg") else { return nil }
        self.name = name
        self.number = number
        history = String(rest.dropLast(4))
    }

    static func < (left: RecordedFile, right: RecordedFile) -> Bool {
        (left.history, left.number, left.name) < (right.history, right.number, right.name)
    }
}
