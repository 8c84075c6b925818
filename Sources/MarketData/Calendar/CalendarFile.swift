import JSON

/// What a calendar file says beside the tables built in, or against them. Its format: docs/calendar.md.
public struct CalendarFile: Sendable {
    var holidays: Set<CalendarDate> = []
    var holidayYears: Set<Int> = []
    var tradingDays: Set<CalendarDate> = []
    var specialSessions: [CalendarDate: SessionHours] = [:]
    var cash: [CalendarDate: SessionHours] = [:]
    var derivatives: [CalendarDate: SessionHours] = [:]
    var weeklyExpiries: [Symbol: [CalendarDate: Weekday?]] = [:]
    var monthlyExpiries: [Symbol: [CalendarDate: Weekday]] = [:]
    var lots: [Symbol: [CalendarDate: Int]] = [:]
    var strikeSteps: [Symbol: Double] = [:]

    /// Reads the JSON of a file.
    /// - Throws: `CalendarFileError`, naming the line if the text is not JSON, otherwise the key.
    public init(json: [UInt8]) throws(CalendarFileError) {
        guard case .object(let fields) = try CalendarFile.value(of: json) else {
            throw CalendarFileError("line 1", "expected an object, such as {\"holidays\": [\"2027-01-26\"]}")
        }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            try read(CalendarFileField(name, value))
        }
        if let date = holidays.intersection(tradingDays).min() {
            throw CalendarFileError("tradingDays", "\(date) is listed under holidays too")
        }
    }

    private static func value(of json: [UInt8]) throws(CalendarFileError) -> JSONValue {
        do {
            return try JSONValue(json)
        } catch {
            let line = 1 + json.prefix(error.offset).count { $0 == UInt8(ascii: "\n") }
            throw CalendarFileError("line \(line)", "not JSON: \(error.reason)")
        }
    }

    private mutating func read(_ field: CalendarFileField) throws(CalendarFileError) {
        switch field.place {
        case "holidays": holidays = try field.dates
        case "holidayYears": holidayYears = try field.years
        case "tradingDays": tradingDays = try field.dates
        case "specialSessions":
            specialSessions = try field.byDate { (field) throws(CalendarFileError) in try field.hours }
        case "hours": try readHours(field)
        case "weeklyExpiries":
            weeklyExpiries = try field.bySymbolAndDate { (field) throws(CalendarFileError) in
                field.isNull ? nil : try field.weekday
            }
        case "monthlyExpiries":
            monthlyExpiries = try field.bySymbolAndDate { (field) throws(CalendarFileError) in try field.weekday }
        case "lots":
            lots = try field.bySymbolAndDate { (field) throws(CalendarFileError) in try field.count }
        case "strikeSteps":
            strikeSteps = try field.bySymbol { (field) throws(CalendarFileError) in try field.price }
        case let unknown:
            throw CalendarFileError(
                unknown,
                "unknown; known are holidays, holidayYears, tradingDays, specialSessions, hours, weeklyExpiries, "
                    + "monthlyExpiries, lots and strikeSteps")
        }
    }

    private mutating func readHours(_ field: CalendarFileField) throws(CalendarFileError) {
        for part in try field.members {
            let hours = try part.byDate { (field) throws(CalendarFileError) in try field.hours }
            switch part.name {
            case "cash": cash = hours
            case "derivatives": derivatives = hours
            default: throw CalendarFileError(part.place, "unknown; known are cash and derivatives")
            }
        }
    }
}

extension ExchangeTables {
    /// These tables with a file's over them.
    /// - Throws: `CalendarFileError` for expiry weekdays and strike steps of an underlying of which too little is
    ///   known.
    public func overlaid(with file: CalendarFile) throws(CalendarFileError) -> ExchangeTables {
        var holidays = holidays
        holidays.added = holidays.added.union(file.holidays).subtracting(file.tradingDays)
        holidays.removed = holidays.removed.union(file.tradingDays).subtracting(file.holidays)
        holidays.wholeYears.formUnion(file.holidayYears)
        var lots = lots
        for (symbol, sizes) in file.lots {
            lots[symbol] = (lots[symbol] ?? DatedTable(nil)).overlaid(with: sizes.mapValues(Optional.some))
        }
        return ExchangeTables(
            holidays: holidays, specialSessions: specialSessions.merging(file.specialSessions) { _, new in new },
            cash: cash.overlaid(with: cashHours(of: file)), derivatives: derivatives.overlaid(with: file.derivatives),
            listings: try listings(with: file, lots: lots), lots: lots)
    }

    /// A file states when trading ends; the closing auction before it stays where the end does.
    private func cashHours(of file: CalendarFile) -> [CalendarDate: SessionHours] {
        Dictionary(
            uniqueKeysWithValues: file.cash.map { date, hours in
                let known = cash[date]
                guard hours.pauses.isEmpty, hours.closes == known.closes, hours.opens < known.continuousUntil else {
                    return (date, hours)
                }
                let kept = SessionHours(
                    opens: hours.opens, closes: hours.closes, continuousUntil: known.continuousUntil)
                return (date, kept)
            })
    }

    private func listings(
        with file: CalendarFile, lots: [Symbol: DatedTable<Int?>]
    ) throws(CalendarFileError) -> [Symbol: OptionListing] {
        var listings = listings
        for (symbol, step) in file.strikeSteps.sorted(by: { $0.key < $1.key }) {
            guard let lots = lots[symbol]?.known else {
                throw CalendarFileError("strikeSteps.\(symbol)", "the lot is not known either; name it under lots")
            }
            listings[symbol, default: OptionListing(symbol, lots: lots, strikeStep: step)].strikeStep = step
        }
        for symbol in listings.keys {
            if let known = lots[symbol]?.known { listings[symbol]?.lots = known }
        }
        for (symbol, weekdays) in file.weeklyExpiries {
            guard let weekly = listings[symbol]?.weekly else { throw unknown("weeklyExpiries", symbol) }
            listings[symbol]?.weekly = weekly.overlaid(with: weekdays)
        }
        for (symbol, weekdays) in file.monthlyExpiries {
            guard let monthly = listings[symbol]?.monthly else { throw unknown("monthlyExpiries", symbol) }
            listings[symbol]?.monthly = monthly.overlaid(with: weekdays)
        }
        return listings
    }

    private func unknown(_ table: String, _ symbol: Symbol) -> CalendarFileError {
        CalendarFileError(
            "\(table).\(symbol)", "its options are unknown; name it under lots and strikeSteps too")
    }
}

extension OptionListing {
    /// The options of an underlying that only a file knows: monthly ones, on the weekday of its exchange.
    fileprivate init(_ symbol: Symbol, lots: DatedTable<Int>, strikeStep: Double) {
        self.init(
            symbol: symbol, weekly: ExpiryWeekdays.noWeekly,
            monthly: symbol.exchange == "BSE" ? ExpiryWeekdays.bse : ExpiryWeekdays.nse, isLongDated: false, lots: lots,
            strikeStep: strikeStep)
    }
}

extension DatedTable where Value == Int? {
    /// The table from its first known value on, which then holds for the time before too; `nil` if none is known.
    fileprivate var known: DatedTable<Int>? {
        guard let first = entries.lazy.compactMap(\.value).first else { return nil }
        return map { $0 ?? first }
    }
}

/// A value of a calendar file and where it is.
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

/// A fault of a calendar file, and its place.
public struct CalendarFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where: a line such as `line 4`, or the path of a key such as `lots.NSE:NIFTY.2027-01-01`.
    public let place: String
    /// The expected and the found value.
    public let reason: String

    init(_ place: String, _ reason: String) {
        self.place = place
        self.reason = reason
    }

    /// Place and reason.
    public var description: String { "\(place): \(reason)" }
}
