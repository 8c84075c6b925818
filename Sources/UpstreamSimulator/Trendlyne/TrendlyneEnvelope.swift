/// What every answer is wrapped in. The status is text here, as in the real one.
enum TrendlyneEnvelope {
    static func success(_ body: JSONText, words: String = "Success") -> JSONText {
        .object([
            (
                "head",
                .object([("status", "0"), ("statusDescription", .string(words)), ("responseCode", .null)])
            ),
            ("body", body),
        ])
    }
}
