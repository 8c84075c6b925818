import MarketData

/// An object of an answer and where it stands, read leniently: numbers may be text, and what is absent is `nil`.
struct JSONFields {
    let path: String
    private let fields: [String: JSONValue]

    var isEmpty: Bool { fields.isEmpty }

    init(_ fields: [String: JSONValue], path: String) {
        self.fields = fields
        self.path = path
    }

    /// The value under a name; `nil` where it is absent or null.
    func value(_ name: String) -> JSONValue? {
        guard let value = fields[name], value != .null else { return nil }
        return value
    }

    func path(of name: String) -> String { "\(path).\(name)" }

    /// The object under a name; `nil` where it is absent or null.
    func object(_ name: String) throws(UnreadableField) -> JSONFields? {
        switch value(name) {
        case nil: return nil
        case .object(let fields): return JSONFields(fields, path: path(of: name))
        case .some(let other): throw UnreadableField(path(of: name), "expected an object, found \(other.brief)")
        }
    }

    /// The objects of the list under a name; `nil` where the list is absent or null.
    func objects(_ name: String) throws(UnreadableField) -> [JSONFields]? {
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

    /// The list under a name; `nil` where it is absent or null.
    func list(_ name: String) throws(UnreadableField) -> [JSONValue]? {
        switch value(name) {
        case nil: return nil
        case .array(let items): return items
        case .some(let other): throw UnreadableField(path(of: name), "expected a list, found \(other.brief)")
        }
    }

    /// A finite number, written as a number or as text; `nil` where it is absent, null or a blank.
    func number(_ name: String) throws(UnreadableField) -> Double? {
        switch value(name) {
        case nil: return nil
        case .number(let number) where number.isFinite: return number
        case .text(let text) where text.isEmpty || text == "-": return nil
        case .text(let text):
            if let number = Double(text), number.isFinite { return number }
            throw UnreadableField(path(of: name), "expected a number, found \(JSONValue.text(text).brief)")
        case .some(let other):
            throw UnreadableField(path(of: name), "expected a number, found \(other.brief)")
        }
    }

    /// A number above 0; `nil` also for 0, where the site has 0 for what it does not know, such as the price of an
    /// option that was never traded.
    func positive(_ name: String) throws(UnreadableField) -> Double? {
        guard let number = try number(name), number != 0 else { return nil }
        guard number > 0 else {
            throw UnreadableField(path(of: name), "expected a number above 0, found \(number.shortest)")
        }
        return number
    }

    /// Text; `nil` where it is absent, null or empty.
    func text(_ name: String) -> String? {
        guard case .text(let text) = value(name), !text.isEmpty else { return nil }
        return text
    }

    /// A date such as `14-Jul-2026` or `14-07-2026`; `nil` where it is absent, null or empty.
    func date(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = SourceDate.date(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 14-Jul-2026, found '\(text.prefix(60))'")
        }
        return date
    }
}
