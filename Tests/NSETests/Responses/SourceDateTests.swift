import MarketData
import TestSupport
import Testing

@testable import NSE

@Suite("Dates of the site")
struct SourceDateTests {
    @Test("a month is an English abbreviation or a number, whatever the locale")
    func dates() {
        #expect(SourceDate.date("14-Jul-2026") == day("2026-07-14"))
        #expect(SourceDate.date("14-07-2026") == day("2026-07-14"))
        #expect(SourceDate.date("04-AUG-2026") == day("2026-08-04"))
        #expect(SourceDate.date("29-Feb-2028") == day("2028-02-29"))
    }

    @Test(
        "an invalid date is not guessed",
        arguments: [
            "", "2026-07-14", "14-Juli-2026", "31-Feb-2026", "14/07/2026", "14-13-2026", "x4-Jul-2026", "14-Jul-26",
        ]
    )
    func noDates(text: String) {
        #expect(SourceDate.date(text) == nil)
    }

    @Test("a stamp is in India's time")
    func stamps() {
        #expect(SourceDate.timestamp("10-Jul-2026 15:30:00")?.description == "2026-07-10T10:00:00Z")
        #expect(SourceDate.timestamp("10-Jul-2026") == nil)
        #expect(SourceDate.timestamp("10-Jul-2026 25:30:00") == nil)
    }

    @Test("every day is written in the site's format, and reads back")
    func roundTrip() {
        #expect(SourceDate.text(day("2026-12-01")) == "01-Dec-2026")
        for offset in 0..<800 {
            let date = day("2026-01-01").advanced(byDays: offset)
            #expect(SourceDate.date(SourceDate.text(date)) == date)
        }
    }
}
