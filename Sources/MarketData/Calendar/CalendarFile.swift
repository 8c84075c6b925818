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
    /// - Throws: `CalendarFileError`, naming the line where the text is no JSON, otherwise the key.
    public init(json: [UInt8]) throws(CalendarFileError) {
        guard case .object(let fields) = try CalendarFile.value(of: json) else {
            throw CalendarFileError("line 1", "expected an object, such as {\"holidays\": [\"2027-01-26\"]}")
        }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            try read(CalendarFileField(name, value))
        }
        if let date = holidays.intersection(tradingDays).min() {
            throw CalendarFileError("tradingDays", "\(date) stands under holidays too")
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
