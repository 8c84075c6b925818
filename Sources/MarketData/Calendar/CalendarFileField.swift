import JSON

/// A value of a calendar file and where it stands.
struct CalendarFileField {
    /// Its own name.
    let name: String
    /// The names on the way to it, such as `lots.NSE:NIFTY`.
    let place: String
    private let value: JSONValue

    init(_ name: String, _ value: JSONValue, under parent: String? = nil) {
        self.name = name
        self.place = parent.map { "\($0).\(name)" } ?? name
        self.value = value
    }

    var isNull: Bool { value.isNull }

    /// The members of an object, in order of name.
    var members: [CalendarFileField] {
        get throws(CalendarFileError) {
            guard case .object(let fields) = value else { throw fault("an object") }
            return fields.sorted { $0.key < $1.key }.map { CalendarFileField($0.key, $0.value, under: place) }
        }
    }

    /// A list of dates.
    var dates: Set<CalendarDate> {
        get throws(CalendarFileError) {
            guard case .array(let items) = value else { throw fault("a list of dates such as 2027-01-26") }
            var dates: Set<CalendarDate> = []
            for (index, item) in items.enumerated() {
                let field = CalendarFileField("\(place)[\(index)]", item)
                guard case .string(let text) = item, let date = CalendarDate(text) else {
                    throw field.fault("a date such as 2027-01-26")
                }
                dates.insert(date)
            }
            return dates
        }
    }

    /// A list of years.
    var years: Set<Int> {
        get throws(CalendarFileError) {
            guard case .array(let items) = value else { throw fault("a list of years such as 2027") }
            var years: Set<Int> = []
            for (index, item) in items.enumerated() {
                guard let year = item.integer.map({ Int($0) }), (1900...2200).contains(year)
                else { throw CalendarFileField("\(place)[\(index)]", item).fault("a year such as 2027") }
                years.insert(year)
            }
            return years
        }
    }

    /// Hours of a day, of one session or several.
    var hours: SessionHours {
        get throws(CalendarFileError) {
            guard case .string(let text) = value, let hours = SessionHours(text) else {
                throw fault("hours such as 09:15-15:30")
            }
            return hours
        }
    }

    /// A day of the week.
    var weekday: Weekday {
        get throws(CalendarFileError) {
            let names = Weekday.allCases.prefix(5)
            guard case .string(let text) = value, let weekday = names.first(where: { "\($0)" == text.lowercased() })
            else { throw fault("a weekday from monday to friday") }
            return weekday
        }
    }

    /// A whole number above 0.
    var count: Int {
        get throws(CalendarFileError) {
            guard let count = value.integer, count > 0 else {
                throw fault("a whole number above 0")
            }
            return count
        }
    }

    /// A price.
    var price: Double {
        get throws(CalendarFileError) {
            guard let number = value.double, number > 0, Strike(number) != nil else {
                throw fault("a number above 0")
            }
            return number
        }
    }

    /// An object whose names are dates.
    func byDate<Value>(
        _ read: (CalendarFileField) throws(CalendarFileError) -> Value
    ) throws(CalendarFileError) -> [CalendarDate: Value] {
        var values: [CalendarDate: Value] = [:]
        for member in try members {
            guard let date = CalendarDate(member.name) else {
                throw CalendarFileError(member.place, "expected a date such as 2027-01-26 for a name")
            }
            values[date] = .some(try read(member))
        }
        return values
    }

    /// An object whose names are symbols.
    func bySymbol<Value>(
        _ read: (CalendarFileField) throws(CalendarFileError) -> Value
    ) throws(CalendarFileError) -> [Symbol: Value] {
        var values: [Symbol: Value] = [:]
        for member in try members {
            guard let symbol = try? Symbol(member.name) else {
                throw CalendarFileError(member.place, "expected a symbol such as NSE:NIFTY for a name")
            }
            values[symbol] = try read(member)
        }
        return values
    }

    /// An object whose names are symbols, of objects whose names are dates.
    func bySymbolAndDate<Value>(
        _ read: (CalendarFileField) throws(CalendarFileError) -> Value
    ) throws(CalendarFileError) -> [Symbol: [CalendarDate: Value]] {
        try bySymbol { (field) throws(CalendarFileError) in try field.byDate(read) }
    }

    private func fault(_ expected: String) -> CalendarFileError {
        CalendarFileError(place, "expected \(expected), found \(value.brief)")
    }
}
