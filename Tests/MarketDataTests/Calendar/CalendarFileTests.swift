import Testing

@testable import MarketData

@Suite("A calendar file", .serialized)
struct CalendarFileTests {
    let sample = """
        {
          "holidays": ["2026-12-01", "2027-01-26"],
          "tradingDays": ["2026-11-24"],
          "specialSessions": {"2026-11-08": "18:15-19:15"},
          "hours": {"derivatives": {"2027-01-04": "09:00-16:00"}, "cash": {"2027-01-04": "09:00-15:45"}},
          "weeklyExpiries": {"NSE:BANKNIFTY": {"2027-01-04": "wednesday", "2027-06-28": null}},
          "monthlyExpiries": {"NSE:NIFTY": {"2027-01-01": "thursday"}},
          "lots": {"NSE:NIFTY": {"2027-01-01": 60}, "NSE:ABC": {"2026-01-01": 1250}, "NSE:XYZ": {"2026-01-01": 40}},
          "strikeSteps": {"NSE:NIFTY": 25, "NSE:XYZ": 2.5}
        }
        """

    func tables(_ text: String) throws(CalendarFileError) -> ExchangeTables {
        try ExchangeTables.builtIn.overlaid(with: CalendarFile(json: Array(text.utf8)))
    }

    func fault(_ text: String) -> String? {
        do throws(CalendarFileError) {
            _ = try tables(text)
            return nil
        } catch {
            return error.description
        }
    }

    /// Runs a body with the sample's tables in force.
    func withSample(_ body: () throws -> Void) throws {
        let before = ExchangeTables.current
        ExchangeTables.install(try tables(sample))
        defer { ExchangeTables.install(before) }
        try body()
    }

    @Test("days, hours and special sessions of a file apply to every calendar made after it")
    func calendar() throws {
        let earlier = TradingCalendar.nse
        try withSample {
            let calendar = TradingCalendar.nse
            #expect(!calendar.isTradingDay(try date("2026-12-01")))
            #expect(earlier.isTradingDay(try date("2026-12-01")))
            #expect(calendar.isTradingDay(try date("2026-11-24")))
            #expect(!calendar.isTradingDay(try date("2026-11-10")))
            let muhurat = try #require(calendar.session(on: try date("2026-11-08"), segment: .derivatives))
            #expect(muhurat.seconds == 3600)
            #expect(calendar.hours(on: try date("2027-01-04"), segment: .derivatives).tradingViewText == "0900-1600")
            #expect(calendar.hours(on: try date("2027-01-04")).tradingViewText == "0900-1545")
            #expect(calendar.hours(on: try date("2027-01-01"), segment: .derivatives).tradingViewText == "0915-1540")
        }
        #expect(TradingCalendar.nse.isTradingDay(try date("2026-12-01")))
    }

    @Test("lots, strike steps and expiry weekdays of a file override the built-in ones, by date")
    func listings() throws {
        try withSample {
            let nifty = try #require(OptionListing.of(Symbol("NSE:NIFTY")))
            #expect(nifty.lotSize(expiring: try date("2026-12-29")) == 65)
            #expect(nifty.lotSize(expiring: try date("2027-01-26")) == 60)
            #expect(nifty.strikeStep == 25)
            #expect(nifty.monthlyExpiry(year: 2027, month: 2) == (try date("2027-02-25")))
            #expect(nifty.monthlyExpiry(year: 2026, month: 12) == (try date("2026-12-29")))
            let bank = try #require(OptionListing.of(Symbol("NSE:BANKNIFTY")))
            let noon = IndianTime.timestamp(try date("2027-01-04"), ClockTime(hour: 12, minute: 0))
            #expect(bank.expiries(at: noon).prefix(2) == [try date("2027-01-06"), try date("2027-01-13")])
            let later = IndianTime.timestamp(try date("2027-07-01"), ClockTime(hour: 12, minute: 0))
            #expect(bank.expiries(at: later).count == 3)
        }
    }

    @Test("a file may add underlyings: only their lot, or also their strikes")
    func strangers() throws {
        try withSample {
            let (abc, xyz) = (try Symbol("NSE:ABC"), try Symbol("NSE:XYZ"))
            #expect(LotSizes.size(of: abc, expiring: try date("2026-11-24")) == 1250)
            #expect(LotSizes.size(of: abc, expiring: try date("2025-12-30")) == nil)
            #expect(OptionListing.of(abc) == nil)
            #expect(OptionListing.of(xyz)?.strikeStep == 2.5)
            #expect(OptionListing.of(xyz)?.lotSize(expiring: try date("2026-11-24")) == 40)
        }
        #expect(LotSizes.size(of: try Symbol("NSE:ABC"), expiring: try date("2026-11-24")) == nil)
    }

    @Test("an empty file changes nothing")
    func empty() throws {
        let tables = try tables("{}")
        #expect(tables.listings.keys == ExchangeTables.builtIn.listings.keys)
        #expect(tables.isTradingDay(try date("2026-12-01")))
    }

    @Test(
        "an invalid value is reported with its key and the expected form",
        arguments: [
            (#"{"holidayz": []}"#, "holidayz: unknown; known are holidays, "),
            (#"{"holidays": "2027-01-26"}"#, "holidays: expected a list of dates"),
            (
                #"{"holidays": ["2027-01-26", "2027-02-30"]}"#,
                "holidays[1]: expected a date such as 2027-01-26, found '2027"
            ),
            (#"{"holidays": ["2027-01-26"], "tradingDays": ["2027-01-26"]}"#, "tradingDays: 2027-01-26"),
            (#"{"specialSessions": {"8 Nov": "18:15-19:15"}}"#, "specialSessions.8 Nov: expected a date"),
            (#"{"specialSessions": {"2026-11-08": "19:15-18:15"}}"#, "specialSessions.2026-11-08: expected hours"),
            (#"{"hours": {"futures": {}}}"#, "hours.futures: unknown; known are cash and derivatives"),
            (
                #"{"hours": {"cash": {"2027-01-04": 9}}}"#,
                "hours.cash.2027-01-04: expected hours such as 09:15-15:30, found 9"
            ),
            (#"{"lots": {"NIFTY": {"2027-01-01": 60}}}"#, "lots.NIFTY: expected a symbol such as NSE:NIFTY"),
            (#"{"lots": {"NSE:NIFTY": {"2027-01-01": 62.5}}}"#, "lots.NSE:NIFTY.2027-01-01: expected a whole number"),
            (#"{"lots": {"NSE:NIFTY": {"2027-01-01": null}}}"#, "lots.NSE:NIFTY.2027-01-01: expected a whole number"),
            (#"{"strikeSteps": {"NSE:NIFTY": -50}}"#, "strikeSteps.NSE:NIFTY: expected a number above 0"),
            (#"{"strikeSteps": {"NSE:ABC": 5}}"#, "strikeSteps.NSE:ABC: the lot is not known either"),
            (
                #"{"weeklyExpiries": {"NSE:NIFTY": {"2027-01-01": "sunday"}}}"#,
                "weeklyExpiries.NSE:NIFTY.2027-01-01: expected a"
            ),
            (
                #"{"monthlyExpiries": {"NSE:ABC": {"2027-01-01": "monday"}}}"#,
                "monthlyExpiries.NSE:ABC: its options are unknown"
            ),
            ("[]", "line 1: expected an object"),
        ])
    func keys(text: String, words: String) {
        #expect(fault(text)?.hasPrefix(words) == true, "\(fault(text) ?? "nothing")")
    }

    @Test(
        "invalid JSON is reported with its line",
        arguments: [
            ("", 1), ("{\n\"holidays\": [\n\"2027-01-26\"\n\"2027-01-27\"\n]\n}", 4), ("{\n\"holidays\" []\n}", 2),
            ("{\n\"holidays\": [\"2027-01-26]\n}\n", 2), ("{\n\n'lots': {}}", 3), ("{}\n\nx", 3),
            ("{\n\"lots\": {\n", 3),
            ("{\"lots\": {\"NSE:NIFTY\": {\"2027-01-01\": 6O}}}", 1),
        ])
    func lines(text: String, line: Int) {
        #expect(fault(text)?.hasPrefix("line \(line): ") == true, "\(fault(text) ?? "nothing")")
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
}
