import MarketData
import Testing

@Suite("Bar boundaries")
struct BarBoundariesTests {
    @Test(
        "NSE's bars are counted from 09:15, and the last one of the day may be short",
        arguments: [
            ("1h", "2026-11-23 10:00", "2026-11-23 09:15", "2026-11-23 10:15"),
            ("1h", "2026-11-23 15:20", "2026-11-23 15:15", "2026-11-23 15:30"),
            ("45m", "2026-11-23 10:00", "2026-11-23 10:00", "2026-11-23 10:45"),
            ("7m", "2026-11-23 15:29", "2026-11-23 15:26", "2026-11-23 15:30"),
            ("1d", "2026-11-23 12:00", "2026-11-23 09:15", "2026-11-23 15:30"),
            ("1w", "2026-11-26 12:00", "2026-11-23 09:15", "2026-11-27 15:30"),
            ("1w", "2026-11-24 12:00", "2026-11-23 09:15", "2026-11-27 15:30"),
            // From the Tuesday after a holiday to the Sunday of the budget.
            ("1w", "2026-01-28 12:00", "2026-01-27 09:15", "2026-02-01 15:30"),
            ("1M", "2026-11-22 12:00", "2026-11-02 09:15", "2026-11-30 15:30"),
            ("3M", "2026-11-22 12:00", "2026-10-01 09:15", "2026-12-31 15:30"),
            ("2d", "2026-01-05 12:00", "2026-01-05 09:15", "2026-01-06 15:30"),
            ("2d", "2026-01-06 12:00", "2026-01-05 09:15", "2026-01-06 15:30"),
        ])
    func nse(interval: String, moment: String, opens: String, closes: String) throws {
        let boundaries = BarBoundaries(interval: try Interval(interval))
        let bar = try #require(boundaries.bar(containing: try instant(moment)))
        #expect(bar == TimeRange(from: try instant(opens), to: try instant(closes)))
    }

    @Test(
        "no intraday bar holds an instant outside the session",
        arguments: [
            "2026-11-23 09:14", "2026-11-23 15:30", "2026-11-24 12:00", "2026-11-22 12:00",
        ])
    func shut(moment: String) throws {
        let boundaries = BarBoundaries(interval: .fiveMinutes)
        #expect(boundaries.bar(containing: try instant(moment)) == nil)
        #expect(boundaries.latestBar(at: try instant(moment)).from < (try instant(moment)))
    }

    @Test("derivatives have bars until 15:40 from August 2026")
    func derivatives() throws {
        let boundaries = BarBoundaries(interval: .fiveMinutes, segment: .derivatives)
        let bar = try #require(boundaries.bar(containing: try instant("2026-11-23 15:37")))
        #expect(bar == TimeRange(from: try instant("2026-11-23 15:35"), to: try instant("2026-11-23 15:40")))
    }

    @Test(
        "stepping forwards and backwards visits the same bars, without gaps or overlaps within a session",
        arguments: [
            "1s", "13s", "1m", "7m", "45m", "4h", "1d", "2d", "3d", "1w", "2w", "1M", "5M",
        ], [true, false])
    func chain(interval: String, isContinuous: Bool) throws {
        let calendar: TradingCalendar = isContinuous ? .continuous() : .nse
        let boundaries = BarBoundaries(interval: try Interval(interval), calendar: calendar)
        var bar = boundaries.firstBar(openingAtOrAfter: try instant("2025-12-19 15:00"))
        for _ in 0..<80 {
            let next = boundaries.firstBar(openingAtOrAfter: Timestamp(milliseconds: bar.from.milliseconds + 1))
            guard bar.from < bar.to, bar.to <= next.from, boundaries.bar(before: next.from) == bar,
                boundaries.latestBar(at: next.from) == next, !isContinuous || bar.to == next.from
            else {
                Issue.record("\(interval): \(bar) is not followed well by \(next)")
                return
            }
            bar = next
        }
    }

    private func instant(_ text: String) throws -> Timestamp {
        let parts = text.split(separator: " ")
        return IndianTime.timestamp(try #require(CalendarDate(parts[0])), try #require(ClockTime(parts[1])))
    }
}
