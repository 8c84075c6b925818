import JSON

extension Double {
    /// The shortest decimal text that reads back as the same number: `306`, `304.3`, `1e+20`.
    ///
    /// JSON and CSV have no numbers that are not finite; callers check before they write.
    public var shortest: String { JSONWriter.text(self) }
}
