import JSON
import TradingViewProtocol

/// A change of one place in a JSON value: another value in it, or none.
struct JSONChange: CustomStringConvertible {
    enum Step: Hashable {
        case key(String)
        case item(Int)
    }

    let path: [Step]
    /// What stands there afterwards; `nil` where the place is gone.
    let replacement: JSONValue?

    var description: String { "\(path) -> \(replacement?.text ?? "gone")" }

    private static let replacements: [JSONValue?] = [.null, "7777.25", 7777.25, [], [:], nil]

    /// All changes of all parts of a value.
    static func all(of value: JSONValue) -> [JSONChange] {
        paths(value).flatMap { path in replacements.map { JSONChange(path: path, replacement: $0) } }
    }

    private static func paths(_ value: JSONValue) -> [[Step]] {
        switch value {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { key, part in
                [[.key(key)]] + paths(part).map { [.key(key)] + $0 }
            }
        case .array(let items):
            items.enumerated().flatMap { index, part in [[.item(index)]] + paths(part).map { [.item(index)] + $0 } }
        default: []
        }
    }

    func applied(to value: JSONValue) -> JSONValue { applied(to: value, path[...]) }

    private func applied(to value: JSONValue, _ path: ArraySlice<Step>) -> JSONValue {
        guard let step = path.first else { return replacement ?? value }
        let rest = path.dropFirst()
        switch (value, step) {
        case (.object(var members), .key(let key)):
            let isGone = rest.isEmpty && replacement == nil
            members[key] = isGone ? nil : members[key].map { applied(to: $0, rest) }
            return .object(members)
        case (.array(var items), .item(let index)) where items.indices.contains(index):
            if rest.isEmpty, replacement == nil {
                items.remove(at: index)
            } else {
                items[index] = applied(to: items[index], rest)
            }
            return .array(items)
        default: return value
        }
    }
}
