import MarketData
import TestSupport
import Testing

@Suite("Sessions as TradingView writes them")
struct SessionScheduleTests {
    @Test(
        "gives the sessions of a day, in UTC",
        arguments: [
            // New York, before and after summer time ends on 2026-11-01.
            ("0930-1600", "America/New_York", "2026-10-30", ["2026-10-30T13:30:00Z/2026-10-30T20:00:00Z"]),
            ("0930-1600", "America/New_York", "2026-11-02", ["2026-11-02T14:30:00Z/2026-11-02T21:00:00Z"]),
            ("0930-1600", "America/New_York", "2026-11-01", []),
            ("0930-1600", "America/New_York", "2026-11-26", []),
            ("24x7", "Etc/UTC", "2026-11-01", ["2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"]),
            ("0000-0000:1234567", "Etc/UTC", "2026-11-01", ["2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"]),
            ("0000-0000", "Etc/UTC", "2026-11-01", []),
            (
                "0215-0826,0830-1516", "America/Chicago", "2026-11-23",
                ["2026-11-23T08:15:00Z/2026-11-23T14:26:00Z", "2026-11-23T14:30:00Z/2026-11-23T21:16:00Z"]
            ),
            // Monday's session begins on Sunday evening, and summer time ends within it.
            ("1800-1700", "America/New_York", "2026-11-23", ["2026-11-22T23:00:00Z/2026-11-23T22:00:00Z"]),
            ("1700-1700", "America/New_York", "2026-11-02", ["2026-11-01T22:00:00Z/2026-11-02T22:00:00Z"]),
            ("24x7", "America/New_York", "2026-11-01", ["2026-11-01T04:00:00Z/2026-11-02T05:00:00Z"]),
            // A short day, a day off and a Saturday of trading by correction.
            ("0930-1600", "America/New_York", "2026-11-27", ["2026-11-27T14:30:00Z/2026-11-27T18:00:00Z"]),
            ("0930-1600", "America/New_York", "2026-12-11", []),
            ("0930-1600", "America/New_York", "2026-12-12", ["2026-12-12T14:30:00Z/2026-12-12T18:00:00Z"]),
            ("0900-1630|0900-1400:2", "Etc/UTC", "2026-11-23", ["2026-11-23T09:00:00Z/2026-11-23T14:00:00Z"]),
            ("0900-1400:2|0900-1630", "Etc/UTC", "2026-11-24", ["2026-11-24T09:00:00Z/2026-11-24T16:30:00Z"]),
            ("0930-1600:35", "America/New_York", "2026-11-02", []),
            // The day with which a chart begins its weeks.
            ("1;0900-1630|0900-1400:2", "Etc/UTC", "2026-11-23", ["2026-11-23T09:00:00Z/2026-11-23T14:00:00Z"]),
            ("0900-1630|0900-1400:2;6", "Etc/UTC", "2026-11-24", ["2026-11-24T09:00:00Z/2026-11-24T16:30:00Z"]),
            ("24x7;1", "Etc/UTC", "2026-11-01", ["2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"]),
            ("24x7:17|0000-2300", "Etc/UTC", "2026-11-01", ["2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"]),
            // Hours that change on a date.
            (
                "0915-1530#20261102/0915-1515", "Asia/Kolkata", "2026-10-30",
                ["2026-10-30T03:45:00Z/2026-10-30T10:00:00Z"]
            ),
            (
                "0915-1530#20261102/0915-1515", "Asia/Kolkata", "2026-11-02",
                ["2026-11-02T03:45:00Z/2026-11-02T09:45:00Z"]
            ),
            (
                "0100-2300|2300F-2300:2#20261026/0200-2300", "Etc/UTC", "2026-10-19",
                ["2026-10-18T23:00:00Z/2026-10-19T23:00:00Z"]
            ),
            (
                "0100-2300|2300F-2300:2#20261026/0200-2300", "Etc/UTC", "2026-10-26",
                ["2026-10-26T02:00:00Z/2026-10-26T23:00:00Z"]
            ),
            // The evening before, stated or not.
            ("1900-1900:3456|1700F-1900:2", "Etc/UTC", "2026-11-23", ["2026-11-22T17:00:00Z/2026-11-23T19:00:00Z"]),
            ("1900-1900:3456|1700F-1900:2", "Etc/UTC", "2026-11-24", ["2026-11-23T19:00:00Z/2026-11-24T19:00:00Z"]),
            ("1700F1-1700:2", "Etc/UTC", "2026-11-23", ["2026-11-22T17:00:00Z/2026-11-23T17:00:00Z"]),
            (
                "1900F4-2350F4,1000-1845", "Etc/UTC", "2026-11-24",
                ["2026-11-20T19:00:00Z/2026-11-20T23:50:00Z", "2026-11-24T10:00:00Z/2026-11-24T18:45:00Z"]
            ),
            (
                "2100-2300,0900-1130", "Etc/UTC", "2026-11-24",
                ["2026-11-23T21:00:00Z/2026-11-23T23:00:00Z", "2026-11-24T09:00:00Z/2026-11-24T11:30:00Z"]
            ),
            // Extended hours and auctions beside the sessions.
            (
                "0930-1130E0925-1131S1300-1500E1300-1501", "Etc/UTC", "2026-11-24",
                ["2026-11-24T09:30:00Z/2026-11-24T11:30:00Z", "2026-11-24T13:00:00Z/2026-11-24T15:00:00Z"]
            ),
            ("0915-1515A1515-1535U1540-1600", "Etc/UTC", "2026-11-24", ["2026-11-24T09:15:00Z/2026-11-24T15:15:00Z"]),
            ("0930-1600:35", "America/New_York", "2026-11-03", ["2026-11-03T14:30:00Z/2026-11-03T21:00:00Z"]),
        ])
    func sessions(text: String, zone: String, date: String, expected: [String]) throws {
        let schedule = try SessionSchedule(
            sessions: text, zone: zone, holidays: "20261126,20261225",
            corrections: "0930-1300:20261127,20261212;dayoff:20261211"
        )
        let sessions = schedule.sessions(on: try #require(CalendarDate(date)))
        #expect(sessions.map { "\($0.from)/\($0.to)" } == expected)
    }

    @Test(
        "text of another form is rejected by name",
        arguments: [
            "", "0930", "0930-", "930-1600", "0930-2500", "0930-1600,", "0930-1600:", "0930-1600:8", "0930-1600:0",
            "0930-1600|", "0930-1600|x:3", "1000-1200,0900-0930", "0900-1000,2200-0400", "1700F12-1700:2",
            "0930-1600#", "0930-1600#20260803", "0930-1600#2026083/0930-1600", "0930-1600#20260803/",
            "0930-1600#20260803/0930-1500#20260701/0930-1600", "0930-1600X0900-0930", "0930-1600E", "E0900-0930",
            "8;0930-1600", "0930-1600;", ";0930-1600", "0930-1600;0", "1;0930-1600;2", "1;2", "0930-1600;12",
            "1700F0-1700", "1700FF-1700", "0960-1600", "-930-1600", "+930-1600",
            String(repeating: "0930-1600,", count: 6_000),
        ])
    func refused(text: String) {
        #expect(throws: SessionScheduleError.unreadableSessions(text)) {
            try SessionSchedule(sessions: text, zone: "Etc/UTC")
        }
    }

    @Test("an unknown zone, and an invalid holiday or correction, are rejected by name")
    func unknown() {
        #expect(throws: SessionScheduleError.unknownZone("Mars/Olympus")) {
            try SessionSchedule(sessions: "24x7", zone: "Mars/Olympus")
        }
        #expect(throws: SessionScheduleError.unreadableHoliday("2026-11-24")) {
            try SessionSchedule(sessions: "24x7", zone: "Etc/UTC", holidays: "20261110,2026-11-24")
        }
        for text in ["0930-1300", "0930-1300:2026112", "x:20261127"] {
            #expect(throws: SessionScheduleError.unreadableCorrection(text)) {
                try SessionSchedule(sessions: "24x7", zone: "Etc/UTC", corrections: "dayoff:20250109;\(text)")
            }
        }
    }

    @Test(
        "the bars of NSE's text equal those of its calendar, forwards from any instant",
        arguments: ["13s", "1m", "7m", "45m", "4h", "1d", "2d", "3d", "1w", "2w", "1M", "5M"])
    func calendar(interval: String) throws {
        let holidays =
            (CalendarDate("2026-01-01").map { first in
                (0..<365).map { first.advanced(byDays: $0) }.filter(IndianHolidays.contains)
            } ?? []).map { "\($0)".filter { $0 != "-" } }
        let schedule = try SessionSchedule(
            sessions: "0915-1530", zone: "Asia/Kolkata", holidays: holidays.joined(separator: ","),
            corrections: "0915-1530:20260201"
        )
        let bars = SessionBars(interval: try Interval(interval), schedule: schedule)
        let boundaries = BarBoundaries(interval: try Interval(interval))
        var random = SeededGenerator(seed: 11)
        let first = try Timestamp("2026-01-12T00:00:00Z", zone: nil, dateMeans: .start).seconds
        for _ in 0..<400 {
            let time = Timestamp(seconds: first + Int64.random(in: 0..<330 * 86_400, using: &random))
            #expect(bars.bar(containing: time) == boundaries.bar(containing: time), "\(time)")
            let next = bars.firstBar(openingAtOrAfter: time)
            #expect(next == boundaries.firstBar(openingAtOrAfter: time), "\(time)")
            #expect(bars.firstBar(openingAtOrAfter: next.from) == next, "\(time)")
        }
    }
}
