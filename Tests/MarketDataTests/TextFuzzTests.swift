import Foundation
import MarketData
import TestSupport
import Testing

@Suite("Damaged texts")
struct TextFuzzTests {
    @Test("a calendar file gives a table or an error")
    func calendarFile() {
        var fuzzing = Fuzzing(
            seed: 20_261_129,
            corpus: [
                #"{"holidays":["2027-01-26"],"holidayYears":[2027],"tradingDays":["2027-02-06"]}"#,
                #"{"specialSessions":{"2026-11-08":"18:15-19:15","2024-03-02":"09:15-10:00,11:30-12:30"}}"#,
                #"{"sessions":{"cash":{"2027-01-01":"09:15-15:30"}},"lots":{"NSE:NIFTY":{"2027-01-01":75}}}"#,
                #"{"weeklyExpiries":{"NSE:NIFTY":{"2027-01-01":"tuesday"}},"strikeSteps":{"NSE:NIFTY":50}}"#,
            ])
        fuzzing.run { bytes in
            do throws(CalendarFileError) {
                let file = try CalendarFile(json: bytes)
                let calendar = TradingCalendar.nse(try ExchangeTables.builtIn.overlaid(with: file))
                let date = CalendarDate(daysSinceEpoch: 20_800)
                #expect(calendar.tradingDay(after: date) > date)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test("queries give a value that reads back the same, or an error")
    func queries() {
        var fuzzing = Fuzzing(
            seed: 3,
            corpus: [
                "NSE:NIFTY", "RELIANCE.NS", "NSE:NIFTYZ2026", "M&M", "NIFTY 50", "5m", "1M", "24000-26000", "all",
                "2026-11-20T09:15:00.123+05:30", "1780890300", "2026-11-20", "0915-1530#20260803/0915-1515",
                "0930-1130E0925-1131S1300-1500E1300-1501", "1700F1-1600:23456", "26000.5",
            ])
        fuzzing.run(rounds: 6000) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            if let interval = try? Interval(text) { #expect((try? Interval(interval.description)) == interval) }
            if let symbol = try? SymbolBook.symbol(text) {
                #expect((try? SymbolBook.symbol(symbol.description)) == symbol, "\(symbol)")
            }
            if let strike = Strike(text) { #expect(Strike(strike.description) == strike) }
            _ = try? StrikeSelection(text)
            if let time = try? Timestamp(text, zone: .gmt, dateMeans: .start) {
                #expect((try? Timestamp(time.description, zone: nil, dateMeans: .start)) == time, "\(text)")
            }
            if let schedule = try? SessionSchedule(sessions: text, zone: "Asia/Kolkata") {
                let date = CalendarDate(daysSinceEpoch: 20_700)
                let sessions = schedule.sessions(on: date)
                #expect(sessions.allSatisfy { $0.from < $0.to }, "\(text)")
            }
        }
    }
}
