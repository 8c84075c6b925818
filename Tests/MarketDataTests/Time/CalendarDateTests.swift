import Foundation
import MarketData
import Testing

@Suite("Dates")
struct CalendarDateTests {
    @Test("every day of 1950 to 2050 agrees with Foundation in date and weekday")
    func foundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let first = try #require(CalendarDate(year: 1950, month: 1, day: 1))
        let last = try #require(CalendarDate(year: 2050, month: 12, day: 31))
        for day in first.daysSinceEpoch...last.daysSinceEpoch {
            let date = CalendarDate(daysSinceEpoch: day)
            let moment = Date(timeIntervalSince1970: Double(day) * 86_400)
            let expected = calendar.dateComponents([.year, .month, .day, .weekday], from: moment)
            let (year, month, dayOfMonth) = date.parts
            guard year == expected.year, month == expected.month, dayOfMonth == expected.day,
                (date.weekday.rawValue + 1) % 7 + 1 == expected.weekday,
                CalendarDate(year: year, month: month, day: dayOfMonth) == date
            else {
                Issue.record("\(date) differs from Foundation's \(expected)")
                return
            }
        }
    }

    @Test("text is read back as it was written", arguments: ["2026-11-23", "2024-02-29", "1969-12-31", "0001-01-01"])
    func text(_ text: String) {
        #expect(CalendarDate(text)?.description == text)
    }

    @Test(
        "invalid dates are rejected",
        arguments: [
            "2025-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-01", "26-01-01", "2026/01/01", "",
            "2026-01-01 ",
            "+026-01-01",
        ])
    func refuses(_ text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test("seconds before 1970 belong to the day before")
    func split() {
        let (date, second) = CalendarDate.split(seconds: -1)
        #expect(date.description == "1969-12-31")
        #expect(second == 86_399)
    }
}
