/// Writes metrics in Prometheus' text format, version 0.0.4.
struct PrometheusText {
    private(set) var text = ""

    /// Begins a metric: what it is and what kind it has.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String?) {
        if let help { text += "# HELP \(name) \(PrometheusText.escaped(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
    }

    /// The kinds of metrics.
    enum Kind: String {
        case counter, gauge, histogram, summary
    }

    /// Writes one sample; nothing where the value is not known.
    mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double?) {
        guard let value else { return }
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0)=\"\(PrometheusText.escaped($1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(PrometheusText.number(value))\n"
    }

    /// Writes a metric of a single sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
        guard let value else { return }
        begin(name, kind, help)
        sample(name, [], value)
    }

    /// A text as the name of a metric or a label: other characters than letters, digits and `_` become `_`.
    static func name(_ text: String) -> String {
        let clean = text.unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": Character(scalar)
            default: "_"
            }
        }
        return clean.first?.isNumber ?? true ? "_" + String(clean) : String(clean)
    }

    private static func number(_ value: Double) -> String {
        if value == .infinity { return "+Inf" }
        return value.rounded() == value && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
