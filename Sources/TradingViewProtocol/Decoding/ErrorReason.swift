import JSON
import MarketData

/// Reasons as the server gives them: text, or `{error, ctx}`, where `error` may name keys of `ctx` in braces.
enum ErrorReason {
    /// The reason in one printable line; `nil` where there is none.
    static func text(_ value: JSONValue) -> String? { raw(value)?.printable }

    private static func raw(_ value: JSONValue) -> String? {
        if let text = value.string { return text }
        guard var text = value["error"]?.string else { return nil }
        var rest: [String] = []
        for (key, value) in (value["ctx"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            let shown = value.string ?? value.text
            if text.contains("{\(key)}") {
                text = text.replacing("{\(key)}", with: shown)
            } else {
                rest.append("\(key): \(shown)")
            }
        }
        return rest.isEmpty ? text : "\(text) (\(rest.joined(separator: ", ")))"
    }
}
