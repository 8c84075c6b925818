import MarketData
import Testing

@Suite("Option expiries and lots")
struct OptionListingTests {
    @Test("the rules give the list that NSE showed for NIFTY on 2026-07-10")
    func nifty() throws {
        let expected = [
            "2026-07-14", "2026-07-21", "2026-07-28", "2026-08-04", "2026-08-11", "2026-08-25", "2026-09-29",
            "2026-12-29", "2027-03-30", "2027-06-29", "2027-12-28", "2028-06-27", "2028-12-26", "2029-06-26",
            "2029-12-24", "2030-06-25", "2030-12-31", "2031-06-24",
        ]
        #expect(try expiries("NSE:NIFTY", "2026-07-10", "12:00") == expected)
    }

    @Test(
        "a holiday moves an expiry to the trading day before: November 2026 ends on Monday the 23rd",
        arguments: [
            "NSE:NIFTY", "NSE:BANKNIFTY", "NSE:FINNIFTY", "NSE:MIDCPNIFTY", "NSE:RELIANCE",
        ])
    func november(symbol: String) throws {
        #expect(try expiries(symbol, "2026-11-22", "12:00").first == "2026-11-23")
    }

    @Test("only NIFTY and SENSEX have weekly expiries")
    func weekly() throws {
        #expect(
            try Array(expiries("NSE:BANKNIFTY", "2026-11-22", "12:00")) == ["2026-11-23", "2026-12-29", "2027-01-25"])
        #expect(
            try Array(expiries("NSE:NIFTY", "2026-11-22", "12:00").prefix(3)) == [
                "2026-11-23", "2026-12-01", "2026-12-08",
            ])
        #expect(
            try Array(expiries("BSE:SENSEX", "2026-11-22", "12:00").prefix(3)) == [
                "2026-11-26", "2026-12-03", "2026-12-10",
            ])
    }

    @Test(
        "until November 2024 most indices had weekly expiries, each on its own weekday",
        arguments: [
            ("NSE:BANKNIFTY", "2024-10-31", "2024-11-06"), ("NSE:BANKNIFTY", "2023-08-25", "2023-08-31"),
            ("NSE:FINNIFTY", "2024-11-06", "2024-11-12"), ("NSE:MIDCPNIFTY", "2024-11-12", "2024-11-18"),
            ("NSE:BANKNIFTY", "2024-11-14", "2024-11-27"), ("NSE:FINNIFTY", "2024-11-20", "2024-11-26"),
            ("NSE:NIFTYNXT50", "2024-11-20", "2024-11-29"), ("NSE:BANKNIFTY", "2025-01-02", "2025-01-30"),
            ("BSE:SENSEX", "2024-12-30", "2025-01-03"), ("BSE:SENSEX", "2025-01-04", "2025-01-07"),
        ])
    func olderWeekdays(symbol: String, day: String, next: String) throws {
        #expect(try expiries(symbol, day, "12:00").first == next)
    }

    @Test(
        "NSE's expiries were on Thursdays until August 2025 and are on Tuesdays since",
        arguments: [
            ("2025-08-22", "2025-08-28"), ("2025-08-29", "2025-09-02"), ("2025-10-01", "2025-10-07"),
            ("2025-10-18", "2025-10-20"),
        ])
    func weekdays(day: String, next: String) throws {
        #expect(try expiries("NSE:NIFTY", day, "12:00").first == next)
    }

    @Test(
        "an expiry is listed until the close of its day: 15:30, and 15:40 since August 2026",
        arguments: [
            ("2026-07-28", "15:29", true), ("2026-07-28", "15:30", false), ("2026-11-23", "15:39", true),
            ("2026-11-23", "15:40", false),
        ])
    func lastDay(day: String, time: String, isListed: Bool) throws {
        #expect(try expiries("NSE:NIFTY", day, time).contains(day) == isListed)
    }

    @Test(
        "a lot depends on the day of expiry",
        arguments: [
            ("NSE:NIFTY", "2024-04-25", 50), ("NSE:NIFTY", "2024-11-14", 25), ("NSE:NIFTY", "2025-12-30", 75),
            ("NSE:NIFTY", "2026-01-06", 65), ("NSE:BANKNIFTY", "2025-06-26", 30), ("NSE:BANKNIFTY", "2025-07-31", 35),
            ("NSE:BANKNIFTY", "2026-11-23", 30), ("NSE:FINNIFTY", "2026-11-23", 60),
            ("NSE:MIDCPNIFTY", "2026-11-23", 120),
            ("NSE:NIFTYNXT50", "2026-11-23", 25), ("NSE:RELIANCE", "2023-10-26", 250),
            ("NSE:RELIANCE", "2025-07-31", 500),
        ])
    func lots(symbol: String, day: String, lot: Int) throws {
        let listing = try #require(OptionListing.of(try Symbol(symbol)))
        #expect(listing.lotSize(expiring: try #require(CalendarDate(day))) == lot)
        #expect(LotSizes.size(of: try Symbol(symbol), expiring: try #require(CalendarDate(day))) == lot)
    }

    @Test("every day of ten years has future expiries, in order, on trading days")
    func everyDay() throws {
        let first = try #require(CalendarDate("2020-01-01"))
        let listing = try #require(OptionListing.of(try Symbol("NSE:NIFTY")))
        for day in stride(from: 0, to: 3_650, by: 3) {
            let date = first.advanced(byDays: day)
            let expiries = listing.expiries(at: IndianTime.timestamp(date, ClockTime(hour: 12, minute: 0)))
            guard expiries.count >= 16, expiries == Set(expiries).sorted(),
                expiries.allSatisfy({ $0 >= date && TradingCalendar.nse.isTradingDay($0) })
            else {
                Issue.record("the list of \(date) is wrong: \(expiries)")
                return
            }
        }
    }

    @Test("an instrument without options has no listing")
    func none() throws {
        #expect(OptionListing.of(try Symbol("NSE:INDIAVIX")) == nil)
    }

    private func expiries(_ symbol: String, _ day: String, _ time: String) throws -> [String] {
        let listing = try #require(OptionListing.of(try Symbol(symbol)))
        let moment = IndianTime.timestamp(try #require(CalendarDate(day)), try #require(ClockTime(time)))
        return listing.expiries(at: moment).map(\.description)
    }
}
