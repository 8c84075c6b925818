import MarketData
import Testing

@Suite("Trading day of a daily bar")
struct TradingDayTests {
    private func day(_ zone: String, _ session: String, _ time: String) throws -> String? {
        var instrument = Instrument(symbol: Symbol(exchange: "X", ticker: "Y"))
        instrument.timeZone = zone
        instrument.session = session
        return instrument.tradingDay(ofBarOpeningAt: try Timestamp(time, zone: nil, dateMeans: .start))?.description
    }

    @Test("is the exchange's date at the opening, not the date in UTC")
    func daySession() throws {
        #expect(try day("Asia/Kolkata", "0915-1530", "2026-11-20T03:45:00Z") == "2026-11-20")
        #expect(try day("America/New_York", "0930-1600", "2026-11-20T14:30:00Z") == "2026-11-20")
        #expect(try day("Asia/Kolkata", "24x7", "2026-11-22T18:30:00Z") == "2026-11-23")
        #expect(try day("Australia/Sydney", "1000-1600", "2026-11-19T23:00:00Z") == "2026-11-20")
    }

    @Test("is the day of the close for a session that opens in the evening, also over a weekend")
    func eveningSession() throws {
        #expect(try day("America/Chicago", "1700-1600", "2026-11-18T23:00:00Z") == "2026-11-19")
        #expect(try day("America/Chicago", "1700-1600", "2026-11-22T23:00:00Z") == "2026-11-23")
        #expect(try day("America/New_York", "1800-1700", "2026-11-20T23:00:00Z") == "2026-11-23")
    }

    @Test("may be on a weekend where the market trades then")
    func weekends() throws {
        #expect(try day("America/New_York", "1700-1700:1234567", "2026-11-20T22:00:00Z") == "2026-11-21")
        #expect(try day("America/New_York", "1700-1700", "2026-11-22T22:00:00Z") == "2026-11-23")
        #expect(try day("Asia/Jerusalem", "0959-1715:12345", "2026-11-22T07:59:00Z") == "2026-11-22")
        #expect(try day("Asia/Kolkata", "0915-1530", "2026-02-01T03:45:00Z") == "2026-02-01")
    }

    @Test("is the following day for a night session that ends before midnight")
    func nightSession() throws {
        let session = "2100-2300,0900-1015,1030-1130,1330-1500"
        #expect(try day("Asia/Shanghai", session, "2026-11-19T13:00:00Z") == "2026-11-20")
        #expect(try day("Asia/Shanghai", session, "2026-11-20T13:00:00Z") == "2026-11-23")
        #expect(try day("Asia/Shanghai", "0900-1015,1330-1500", "2026-11-20T01:00:00Z") == "2026-11-20")
    }

    @Test("is unknown without a zone")
    func withoutZone() {
        let instrument = Instrument(symbol: Symbol(exchange: "X", ticker: "Y"))
        #expect(instrument.tradingDay(ofBarOpeningAt: Timestamp(seconds: 0)) == nil)
    }

    @Test(
        "a date that was kept as one is that date, west and east of Greenwich",
        arguments: ["America/New_York", "America/Chicago", "Asia/Kolkata", "Australia/Sydney", "Etc/UTC"])
    func keptDate(zone: String) throws {
        for day in stride(from: 20_000, to: 20_700, by: 7) {
            let instrument = Instrument(symbol: Symbol(exchange: "X", ticker: "Y"), timeZone: zone)
            let date = CalendarDate(daysSinceEpoch: day)
            #expect(instrument.tradingDay(ofBarOpeningAt: PeriodStamps.stamp(of: date)) == date)
        }
    }
}
