import JSON

extension Double {
    /// The shortest decimal text that reads back as the same number: `306`, `304.3`, `1e+20`.
    ///
    /// What is not finite has no place in JSON or CSV; callers hold it back before they print.
    public var shortest: String { JSONWriter.text(self) }
}
