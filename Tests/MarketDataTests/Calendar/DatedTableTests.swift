import Testing

@testable import MarketData

@Suite("Dated tables")
struct DatedTableTests {
    @Test("a value holds from its day until the day before the next")
    func lookup() throws {
        let table = DatedTable("a", [("2026-08-03", "c"), ("2025-01-01", "b")])
        #expect(table[try #require(CalendarDate("1999-01-01"))] == "a")
        #expect(table[try #require(CalendarDate("2025-01-01"))] == "b")
        #expect(table[try #require(CalendarDate("2026-08-02"))] == "b")
        #expect(table[try #require(CalendarDate("2026-08-03"))] == "c")
    }

    @Test("no table loses an entry to a mistyped date")
    func complete() {
        #expect(SessionHours.indianDerivatives.entries.count == 2)
        #expect(ExpiryWeekdays.nse.entries.count == 2)
        #expect(ExpiryWeekdays.bse.entries.count == 3)
        #expect(LotSizes.nifty.entries.count == 4)
        #expect(LotSizes.bankNifty.entries.count == 4)
        #expect(LotSizes.finNifty.entries.count == 4)
        #expect(LotSizes.midcapNifty.entries.count == 5)
        #expect([LotSizes.niftyNext50, LotSizes.sensex, LotSizes.bankex].allSatisfy { $0.entries.count == 2 })
    }
}
