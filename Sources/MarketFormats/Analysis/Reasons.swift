import JSON
import MarketData

/// Why values of an object are `null`. Everywhere in the responses such an object has, where any of its values is
/// unknown, a member `reasons` with the words under the value's own name, and no such member where all are known.
struct Reasons {
    private var entries: [(name: StaticString, reason: String)] = []

    /// Notes that a value is `null`.
    mutating func note(_ name: StaticString, _ reason: String?) {
        if let reason { entries.append((name, reason)) }
    }

    /// Writes `reasons` into the object that is open; nothing where every value is known.
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
    /// Writes a value, or `null` and the reason for later.
    mutating func computed(_ name: StaticString, _ value: ComputedValue<Double>, _ reasons: inout Reasons) {
        field(name, value.value)
        reasons.note(name, value.reason)
    }

    /// Writes a value of several parts, or `null` and the reason for later.
    mutating func computed<Value>(
        _ name: StaticString, _ value: ComputedValue<Value>, _ reasons: inout Reasons,
        write: (Value, inout JSONWriter) -> Void
    ) {
        key(name)
        if let known = value.value { write(known, &self) } else { null() }
        reasons.note(name, value.reason)
    }
}
