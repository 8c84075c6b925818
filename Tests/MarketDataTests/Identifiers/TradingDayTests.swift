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

    @Test("is the exchange's date of the opening, whatever UTC says")
    func daySession() throws {
        #expect(try day("Asia/Kolkata", "0915-1530", "2026-11-20T03:45:00Z") == "2026-11-20")
        #expect(try day("America/New_York", "0930-1600", "2026-11-20T14:30:00Z") == "2026-11-20")
        #expect(try day("Asia/Kolkata", "24x7", "2026-11-22T18:30:00Z") == "2026-11-23")
        #expect(try day("Australia/Sydney", "1000-1600", "2026-11-19T23:00:00Z") == "2026-11-20")
    }

    @Test("of a session that opens in the evening is the day of its close, over the weekend too")
    func eveningSession() throws {
        #expect(try day("America/Chicago", "1700-1600", "2026-11-18T23:00:00Z") == "2026-11-19")
        #expect(try day("America/Chicago", "1700-1600", "2026-11-22T23:00:00Z") == "2026-11-23")
        #expect(try day("America/New_York", "1800-1700", "2026-11-20T23:00:00Z") == "2026-11-23")
    }

    @Test("is unknown without a zone")
    func withoutZone() {
        let instrument = Instrument(symbol: Symbol(exchange: "X", ticker: "Y"))
        #expect(instrument.tradingDay(ofBarOpeningAt: Timestamp(seconds: 0)) == nil)
    }
}
