import MarketData
import Testing

@Suite("Trading calendar of NSE")
struct TradingCalendarTests {
    private let calendar = TradingCalendar.nse

    @Test(
        "weekends and listed holidays are not trading days",
        arguments: [
            ("2026-11-22", false), ("2026-11-23", true), ("2026-11-24", false), ("2026-11-25", true),
            ("2025-02-26", false),
            ("2025-10-21", true), ("2025-10-22", false), ("2025-10-23", true), ("2026-01-15", false),
            ("2026-12-25", false),
            ("2029-12-25", false), ("2029-12-24", true), ("2024-01-26", false),
        ])
    func days(text: String, isTradingDay: Bool) throws {
        #expect(calendar.isTradingDay(try date(text)) == isTradingDay)
    }

    @Test(
        "every listed holiday is a weekday: 12 in 2020, up to 17 in 2024",
        arguments: [
            (2020, 12), (2021, 14), (2022, 13), (2023, 15), (2024, 17), (2025, 14), (2026, 16),
        ])
    func holidays(year: Int, count: Int) throws {
        let first = try date("\(year)-01-01")
        let days = (0..<365).map { first.advanced(byDays: $0) }
        let closed = days.filter { $0.weekday.rawValue < 5 && IndianHolidays.contains($0) }
        #expect(closed.count == count)
    }

    @Test(
        "derivatives trade until 15:40 from 2026-08-03, and shares until 15:30",
        arguments: [
            ("2026-07-31", TradingCalendar.Segment.derivatives, "15:30"), ("2026-08-03", .derivatives, "15:40"),
            ("2026-08-03", .cash, "15:30"),
        ])
    func hours(text: String, segment: TradingCalendar.Segment, close: String) throws {
        let session = try #require(calendar.session(on: try date(text), segment: segment))
        #expect(IndianTime.split(session.opens).time.description == "09:15")
        #expect(IndianTime.split(session.closes).time.description == close)
    }

    @Test("after the close and on holidays the latest session is the last one, and the next is found")
    func sessions() throws {
        let holiday = IndianTime.timestamp(try date("2026-11-24"), ClockTime(hour: 12, minute: 0))
        #expect(calendar.latestSession(at: holiday).date == (try date("2026-11-23")))
        #expect(calendar.nextSession(after: holiday).date == (try date("2026-11-25")))
        #expect(calendar.session(containing: holiday) == nil)
        let early = IndianTime.timestamp(try date("2026-11-25"), ClockTime(hour: 9, minute: 0))
        #expect(calendar.latestSession(at: early).date == (try date("2026-11-23")))
    }

    @Test(
        "Muhurat and budget weekends have their own hours, for shares and derivatives alike",
        arguments: [
            ("2025-10-21", "13:45", "14:45"), ("2024-11-01", "18:00", "19:00"), ("2023-11-12", "18:15", "19:15"),
            ("2025-02-01", "09:15", "15:30"), ("2026-02-01", "09:15", "15:30"),
        ])
    func specialSessions(text: String, opens: String, closes: String) throws {
        for segment in TradingCalendar.Segment.allCases {
            let session = try #require(calendar.session(on: try date(text), segment: segment))
            #expect(IndianTime.split(session.opens).time.description == opens)
            #expect(IndianTime.split(session.closes).time.description == closes)
        }
    }

    @Test("special days override the table in both directions")
    func special() throws {
        let saturday = try date("2026-11-28")
        let monday = try date("2026-11-30")
        let special = TradingCalendar.nse(open: [saturday], closed: [monday])
        #expect(special.isTradingDay(saturday))
        #expect(!special.isTradingDay(monday))
    }

    @Test("a market that never closes has a session every day, end to end")
    func continuous() throws {
        let calendar = TradingCalendar.continuous()
        let sunday = try #require(calendar.session(on: try date("2026-11-22")))
        let monday = try #require(calendar.session(on: try date("2026-11-23")))
        #expect(sunday.closes == monday.opens)
        #expect(monday.opens.description == "2026-11-22T18:30:00Z")
        #expect(calendar.hours(on: sunday.date).tradingViewText == "24x7")
        #expect(TradingCalendar.nse.hours(on: sunday.date).tradingViewText == "0915-1530")
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
}
