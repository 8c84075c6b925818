/// An object of a response and its path, read leniently: numbers may be text, and absent fields are `nil`.
public struct JSONFields: Hashable, Sendable {
    /// Its path, such as `body.oiData`.
    public let path: String
    private let fields: [String: JSONValue]

    /// An object at a path.
    public init(_ fields: [String: JSONValue], path: String) {
        self.fields = fields
        self.path = path
    }

    /// The object of a whole JSON text; `nil` where the bytes are not JSON or not an object.
    public init?(parsing bytes: [UInt8], path: String = "") {
        guard let fields = JSONValue(parsing: bytes)?.object else { return nil }
        self.init(fields, path: path)
    }

    /// Whether it has no fields.
    public var isEmpty: Bool { fields.isEmpty }
    /// The fields' names, in no order.
    public var names: [String] { Array(fields.keys) }

    /// The value of the first of these names that is there and not null.
    public func value(_ names: String...) -> JSONValue? { first(names) }

    /// The path of a field.
    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// The object under a name; `nil` where it is absent or null.
    public func object(_ name: String) throws(UnreadableField) -> JSONFields? {
        switch value(name) {
        case nil: return nil
        case .object(let fields): return JSONFields(fields, path: path(of: name))
        case .some(let other): throw UnreadableField(path(of: name), "expected an object, found \(other.brief)")
        }
    }

    /// The list under a name; `nil` where it is absent or null.
    public func list(_ name: String) throws(UnreadableField) -> [JSONValue]? {
        switch value(name) {
        case nil: return nil
        case .array(let items): return items
        case .some(let other): throw UnreadableField(path(of: name), "expected a list, found \(other.brief)")
        }
    }

    /// The objects of the list under a name; `nil` where the list is absent or null.
    public func objects(_ name: String) throws(UnreadableField) -> [JSONFields]? {
        guard let items = try list(name) else { return nil }
        var objects: [JSONFields] = []
        for (index, item) in items.enumerated() {
            let place = "\(path(of: name))[\(index)]"
            guard case .object(let fields) = item else {
                throw UnreadableField(place, "expected an object, found \(item.brief)")
            }
            objects.append(JSONFields(fields, path: place))
        }
        return objects
    }

    /// A finite number under the first of these names that is there, written as a number or as text; `nil` where it is
    /// absent, null or a blank such as `-`.
    public func number(_ names: String...) throws(UnreadableField) -> Double? {
        guard let name = names.first(where: { first([$0]) != nil }), let value = first([name]) else { return nil }
        return try value.number(at: path(of: name))
    }

    /// A number above 0; `nil` also for 0, where a site sends 0 for an unknown value, such as the price of an
    /// option that was never traded.
    public func positive(_ names: String...) throws(UnreadableField) -> Double? {
        guard let name = names.first(where: { first([$0]) != nil }), let number = try number(name), number != 0 else {
            return nil
        }
        guard number > 0 else {
            throw UnreadableField(path(of: name), "expected a number above 0, found \(JSONWriter.text(number))")
        }
        return number
    }

    /// Printable text, or a number as text, under the first of these names that has one; `nil` where all are absent or empty.
    public func text(_ names: String...) -> String? {
        for name in names {
            switch value(name) {
            case .string(let text) where !text.isEmpty: return text.printable
            case .integer(let number): return String(number)
            case .number(let number): return JSONWriter.text(number)
            default: continue
            }
        }
        return nil
    }

    private func first(_ names: [String]) -> JSONValue? {
        for name in names {
            if let value = fields[name], value != .null { return value }
        }
        return nil
    }
}

extension JSONValue {
    /// A finite number, written as a number or as text; `nil` for null and for a blank.
    /// - Parameter path: The path of the value, for the error.
    public func number(at path: String) throws(UnreadableField) -> Double? {
        switch self {
        case .null: return nil
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .string(let text) where JSONValue.blanks.contains(text): return nil
        case .string(let text):
            if let number = Double(text), number.isFinite { return number }
        default: break
        }
        throw UnreadableField(path, "expected a number, found \(brief)")
    }

    /// By which sites write that they have no number.
    private static let blanks: Set<String> = ["", "-", "null", "None"]
}

/// An invalid field.
public struct UnreadableField: Error, Hashable, Sendable {
    /// Its path, such as `body.oiData.25050.callOi`.
    public let path: String
    /// The expected and the found value.
    public let reason: String

    /// A field by its path, and the fault.
    public init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// `body.oiData.25050.callOi: expected a number, found 'n/a'`.
    public var words: String { "\(path): \(reason)".printable }
}
