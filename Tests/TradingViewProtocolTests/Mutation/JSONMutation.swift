import JSON
import TradingViewProtocol

/// One change of one place in a JSON value.
enum JSONMutation: CaseIterable {
    case null, text, number, list, object, drop

    /// What stands in the place afterwards; `nil` where nothing does.
    var replacement: JSONValue? {
        switch self {
        case .null: .null
        case .text: "7777.25"
        case .number: 7777.25
        case .list: []
        case .object: [:]
        case .drop: nil
        }
    }
}

extension JSONValue {
    /// A step from a value to one of its parts.
    enum Step: Hashable {
        case key(String)
        case item(Int)
    }

    /// The ways to all parts, the whole itself left out.
    var paths: [[Step]] {
        switch self {
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { key, value in
                [[.key(key)]] + value.paths.map { [.key(key)] + $0 }
            }
        case .array(let items):
            items.enumerated().flatMap { index, value in [[.item(index)]] + value.paths.map { [.item(index)] + $0 } }
        default: []
        }
    }

    /// The value with one part changed.
    func mutated(at path: ArraySlice<Step>, by mutation: JSONMutation) -> JSONValue {
        guard let step = path.first else { return mutation.replacement ?? self }
        let rest = path.dropFirst()
        switch (self, step) {
        case (.object(var members), .key(let key)):
            let isGone = rest.isEmpty && mutation == .drop
            members[key] = isGone ? nil : members[key]?.mutated(at: rest, by: mutation)
            return .object(members)
        case (.array(var items), .item(let index)) where items.indices.contains(index):
            if rest.isEmpty, mutation == .drop {
                items.remove(at: index)
            } else {
                items[index] = items[index].mutated(at: rest, by: mutation)
            }
            return .array(items)
        default: return self
        }
    }
}
