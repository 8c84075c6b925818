import MarketData
import Testing

@Suite("What the calendar proves")
struct CalendarEvidenceTests {
    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    @Test(
        "only a listed trading day proves that its bars must exist",
        arguments: [
            ("2026-11-27", TradingCalendar.Evidence.trading), ("2026-11-28", .closed), ("2026-11-24", .closed),
            ("2026-11-08", .closed), ("2024-03-02", .trading), ("2021-02-24", .trading), ("2019-10-27", .trading),
            ("2019-08-12", .unlisted), ("2019-08-13", .unlisted), ("2019-08-11", .unlisted), ("2050-03-01", .unlisted),
        ])
    func days(text: String, evidence: TradingCalendar.Evidence) throws {
        let day = try date(text)
        for segment in [TradingCalendar.Segment.cash, .derivatives] {
            #expect(TradingCalendar.nse.evidence(for: day, segment: segment) == evidence)
            #expect(TradingCalendar.nse.isEvidence(for: day, segment: segment) == (evidence == .trading))
            #expect(TradingCalendar.nse.expectedSpans(on: day, segment: segment).isEmpty == (evidence != .trading))
        }
        #expect(TradingCalendar.nse.evidence(for: day, segment: .currency) == .unlisted)
        #expect(TradingCalendar.continuous().isEvidence(for: day))
    }

    @Test("days given by the caller prove both open and closed")
    func overruled() throws {
        let calendar = TradingCalendar.nse(open: [try date("2050-03-05")], closed: [try date("2026-11-27")])
        #expect(calendar.evidence(for: try date("2050-03-05")) == .trading)
        #expect(calendar.evidence(for: try date("2026-11-27")) == .closed)
    }

    private func texts(_ day: String, _ segment: TradingCalendar.Segment = .cash) throws -> [String] {
        TradingCalendar.nse.expectedSpans(on: try date(day), segment: segment).map { span in
            "\(IndianTime.split(span.from).time)-\(IndianTime.split(span.to).time)"
        }
    }

    @Test("bars are expected in the sessions of a day, not in its pauses or the closing auction")
    func spans() throws {
        #expect(try texts("2024-03-02") == ["09:15-10:00", "11:30-12:30"])
        #expect(try texts("2021-02-24") == ["09:15-11:40", "15:45-17:00"])
        #expect(try texts("2026-07-31") == ["09:15-15:30"])
        #expect(try texts("2026-08-03") == ["09:15-15:15"])
        #expect(try texts("2026-08-03", .derivatives) == ["09:15-15:40"])
    }

    @Test("intraday bars are counted from the start of the second session, and none lies in the pause")
    func twoSessions() throws {
        let boundaries = BarBoundaries(interval: try Interval("10m"))
        let day = try date("2024-03-02")
        var time = IndianTime.timestamp(day, ClockTime(hour: 9, minute: 0))
        var opens: [String] = []
        while true {
            let bar = boundaries.firstBar(openingAtOrAfter: time)
            guard IndianTime.date(bar.from) == day else { break }
            opens.append("\(IndianTime.split(bar.from).time)-\(IndianTime.split(bar.to).time)")
            #expect(boundaries.latestBar(at: bar.from) == bar)
            #expect(boundaries.isExpected(bar))
            time = bar.to
        }
        #expect(
            opens == [
                "09:15-09:25", "09:25-09:35", "09:35-09:45", "09:45-09:55", "09:55-10:00",
                "11:30-11:40", "11:40-11:50", "11:50-12:00", "12:00-12:10", "12:10-12:20", "12:20-12:30",
            ])
        let pause = IndianTime.timestamp(day, ClockTime(hour: 10, minute: 30))
        #expect(boundaries.bar(containing: pause) == nil)
        #expect(TradingCalendar.nse.session(containing: pause) == nil)
    }

    @Test("a bar of a day or week is expected where one of its days is listed, and one in the auction is not")
    func expected() throws {
        let day = IndianTime.timestamp(try date("2026-11-27"), ClockTime(hour: 15, minute: 15))
        let quarter = BarBoundaries(interval: try Interval("15m"))
        #expect(!quarter.isExpected(quarter.latestBar(at: day)))
        #expect(quarter.isExpected(quarter.bar(before: day)))
        let next = quarter.firstExpectedBar(openingAtOrAfter: day)
        #expect(IndianTime.date(next.from) == (try date("2026-11-30")))
        for interval in [Interval.oneDay, .oneWeek, .oneMonth] {
            let listed = BarBoundaries(interval: interval)
            #expect(listed.isExpected(listed.latestBar(at: day)))
            let before = IndianTime.timestamp(try date("2018-06-05"), ClockTime(hour: 12, minute: 0))
            #expect(!listed.isExpected(listed.latestBar(at: before)))
        }
    }

    @Test("a file lists sessions of a day, and years whose holidays are complete")
    func file() throws {
        let text = """
            {"specialSessions": {"2027-10-31": "18:15-19:15", "2027-03-06": "09:15-10:00, 11:30-12:30"},
             "holidays": ["2027-03-22"], "holidayYears": [2027], "hours": {"cash": {"2027-01-04": "09:15-15:30"}}}
            """
        let tables = try ExchangeTables.builtIn.overlaid(with: CalendarFile(json: Array(text.utf8)))
        let calendar = TradingCalendar.nse(tables)
        #expect(calendar.evidence(for: try date("2027-03-23")) == .trading)
        #expect(calendar.evidence(for: try date("2027-03-22")) == .closed)
        #expect(calendar.evidence(for: try date("2027-01-26")) == .trading)
        #expect(calendar.evidence(for: try date("2028-03-23")) == .unlisted)
        #expect(calendar.sessions(on: try date("2027-03-06")).count == 2)
        #expect(calendar.hours(on: try date("2027-03-06")).tradingViewText == "0915-1000,1130-1230")
        #expect(calendar.hours(on: try date("2027-01-05")).continuousUntil == ClockTime(hour: 15, minute: 15))
        for faulty in ["09:15-10:00,09:30-11:00", "09:15-10:00,", "10:00-09:00", "09:15", "09:15-10:00,10:00-11:00"] {
            let text = "{\"specialSessions\": {\"2027-10-31\": \"\(faulty)\"}}"
            #expect(throws: CalendarFileError.self) { try CalendarFile(json: Array(text.utf8)) }
        }
        #expect(throws: CalendarFileError.self) { try CalendarFile(json: Array("{\"holidayYears\": [\"x\"]}".utf8)) }
    }
}
