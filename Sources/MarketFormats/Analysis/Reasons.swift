import JSON
import MarketData

/// Why figures of an object are `null`. Everywhere in the answers such an object has, where any of its figures is
/// unknown, a member `reasons` with the words under the figure's own name, and no such member where all are known.
struct Reasons {
    private var entries: [(name: StaticString, reason: String)] = []

    /// Notes that a figure is `null`.
    mutating func note(_ name: StaticString, _ reason: String?) {
        if let reason { entries.append((name, reason)) }
    }

    /// Writes `reasons` into the object that is open; nothing where every figure is known.
    func write(to json: inout JSONWriter) {
        guard !entries.isEmpty else { return }
        json.beginObject("reasons")
        for entry in entries {
            json.key(entry.name)
            json.string(entry.reason)
        }
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a figure, or `null` and the reason for later.
    mutating func computed(_ name: StaticString, _ figure: ComputedValue<Double>, _ reasons: inout Reasons) {
        field(name, figure.value)
        reasons.note(name, figure.reason)
    }

    /// Writes a figure of several parts, or `null` and the reason for later.
    mutating func computed<Value>(
        _ name: StaticString, _ figure: ComputedValue<Value>, _ reasons: inout Reasons,
        write: (Value, inout JSONWriter) -> Void
    ) {
        key(name)
        if let value = figure.value { write(value, &self) } else { null() }
        reasons.note(name, figure.reason)
    }
}
