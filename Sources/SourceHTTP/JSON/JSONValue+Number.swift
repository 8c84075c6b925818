extension JSONValue {
    /// A finite number, written as a number or as text; `nil` for null and for a blank.
    /// - Parameter path: Where the value stands, for the error.
    public func number(at path: String) throws(UnreadableField) -> Double? {
        switch self {
        case .null: return nil
        case .number(let number) where number.isFinite: return number
        case .text(let text) where JSONValue.blanks.contains(text): return nil
        case .text(let text):
            if let number = Double(text), number.isFinite { return number }
        default: break
        }
        throw UnreadableField(path, "expected a number, found \(brief)")
    }

    /// By which sites write that they have no number.
    private static let blanks: Set<String> = ["", "-", "null", "None"]
}
