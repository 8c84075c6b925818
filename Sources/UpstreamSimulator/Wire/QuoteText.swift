/// How `qsd` is written.
enum QuoteText {
    static func packet(_ session: String, _ name: String, _ fields: [QuoteFields.Field]) -> WirePacket {
        let values = JSONText.object(fields.map { ($0.name, $0.value) })
        return WirePacket("qsd", [.string(session), .object([("n", .string(name)), ("s", "ok"), ("v", values)])])
    }

    /// What only some accounts may see; the delayed twin is free.
    static func denial(_ session: String, _ name: String, alternative: String) -> WirePacket {
        let body: JSONText = .object([
            ("n", .string(name)), ("s", "permission_denied"), ("v", .object([("alternative", .string(alternative))])),
        ])
        return WirePacket("qsd", [.string(session), body])
    }

    static func refusal(_ session: String, _ name: String) -> WirePacket {
        let body: JSONText = .object([
            ("n", .string(name)), ("s", "error"), ("errmsg", "no_such_symbol"), ("v", .object([])),
        ])
        return WirePacket("qsd", [.string(session), body])
    }
}
