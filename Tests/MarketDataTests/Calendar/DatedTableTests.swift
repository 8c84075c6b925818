import Testing

@testable import MarketData

@Suite("Dated tables")
struct DatedTableTests {
    @Test("a value applies from its day until the day before the next")
    func lookup() throws {
        let table = DatedTable("a", [("2026-08-03", "c"), ("2025-01-01", "b")])
        #expect(table[try #require(CalendarDate("1999-01-01"))] == "a")
        #expect(table[try #require(CalendarDate("2025-01-01"))] == "b")
        #expect(table[try #require(CalendarDate("2026-08-02"))] == "b")
        #expect(table[try #require(CalendarDate("2026-08-03"))] == "c")
    }

    @Test("entries of an overlay replace those of the same day and are inserted between the others")
    func overlaid() throws {
        let (second, third) = (try #require(CalendarDate("2025-01-01")), try #require(CalendarDate("2026-01-01")))
        let table = DatedTable("a", [("2025-01-01", "b"), ("2027-01-01", "d")])
            .overlaid(with: [second: "B", third: "c"])
        #expect(table.entries.map(\.value) == ["a", "B", "c", "d"])
        #expect(table[third.advanced(byDays: -1)] == "B")
    }

    @Test("no table loses an entry to a wrong date")
    func complete() {
        #expect(SessionHours.indianDerivatives.entries.count == 2)
        #expect(ExpiryWeekdays.nse.entries.count == 2)
        #expect(ExpiryWeekdays.bse.entries.count == 3)
        #expect(ExpiryWeekdays.bankNiftyMonthly.entries.count == 4)
        #expect([ExpiryWeekdays.finNiftyMonthly, ExpiryWeekdays.bankexMonthly].allSatisfy { $0.entries.count == 3 })
        #expect(ExpiryWeekdays.niftyWeekly.entries.count == 2)
        #expect([ExpiryWeekdays.bankNiftyWeekly, ExpiryWeekdays.sensexWeekly].allSatisfy { $0.entries.count == 3 })
        #expect([ExpiryWeekdays.finNiftyWeekly, ExpiryWeekdays.bankexWeekly].allSatisfy { $0.entries.count == 2 })
        #expect(SpecialSessions.builtIn.count == SpecialSessions.lists.count)
        #expect(LotSizes.reliance.entries.count == 2)
        #expect(LotSizes.nifty.entries.count == 4)
        #expect(LotSizes.bankNifty.entries.count == 4)
        #expect(LotSizes.finNifty.entries.count == 4)
        #expect(LotSizes.midcapNifty.entries.count == 5)
        #expect([LotSizes.niftyNext50, LotSizes.sensex, LotSizes.bankex].allSatisfy { $0.entries.count == 2 })
    }
}
