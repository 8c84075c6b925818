import MarketData

/// An object of an answer and where it stands, read leniently: numbers may be text, and what is absent is `nil`.
struct JSONFields {
    let path: String
    private let fields: [String: JSONValue]

    init(_ fields: [String: JSONValue], path: String) {
        self.fields = fields
        self.path = path
    }

    var isEmpty: Bool { fields.isEmpty }
    var names: [String] { Array(fields.keys) }

    /// The value of the first of these names that is there and not null.
    func value(_ names: String...) -> JSONValue? {
        for name in names {
            if let value = fields[name], value != .null { return value }
        }
        return nil
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
        case .text(let text) where JSONFields.blanks.contains(text): return nil
        case .text(let text):
            if let number = Double(text), number.isFinite { return number }
            throw UnreadableField(path(of: name), "expected a number, found \(JSONValue.text(text).brief)")
        case .some(let other):
            throw UnreadableField(path(of: name), "expected a number, found \(other.brief)")
        }
    }

    /// Text, or a number as text; `nil` where it is absent, null or empty.
    func text(_ names: String...) -> String? {
        for name in names {
            switch value(name) {
            case .text(let text) where !text.isEmpty: return text
            case .number(let number): return number.shortest
            default: continue
            }
        }
        return nil
    }

    /// A date written `YYYY-MM-DD`; `nil` where it is absent, null or empty.
    func date(_ name: String) throws(UnreadableField) -> CalendarDate? {
        guard let text = text(name) else { return nil }
        guard let date = CalendarDate(text) else {
            throw UnreadableField(path(of: name), "expected a date such as 2026-01-27, found '\(text.prefix(60))'")
        }
        return date
    }

    /// Dates written `YYYY-MM-DD`, in a list or as one text; `nil` where the field is absent or null.
    func dates(_ name: String) throws(UnreadableField) -> [CalendarDate]? {
        guard value(name) != nil else { return nil }
        if case .text = value(name) { return try date(name).map { [$0] } ?? [] }
        var dates: [CalendarDate] = []
        for item in try list(name) ?? [] {
            guard case .text(let text) = item, let date = CalendarDate(text) else {
                throw UnreadableField(path(of: name), "expected dates such as 2026-01-27, found \(item.brief)")
            }
            dates.append(date)
        }
        return dates
    }

    private static let blanks: Set<String> = ["", "-", "null", "None"]
}
