import MarketData
import TestSupport
import Testing

@Suite("Built bars over random sessions")
struct BuiltBarsPropertyTests {
    static let sessions = [
        "0915-1530", "0915-1000,1130-1230", "0930-1130E0925-1131S1300-1500E1300-1501", "1700-1600", "1800-1700",
        "0215-0826,0830-1516", "24x7", "0000-0000", "2100-2300,0900-1130,1330-1500", "1900-1900:3456|1700F-1900:2",
        "0915-1530#20261105/0915-1515",
    ]
    static let intervals = ["2m", "5m", "7m", "10m", "1h", "4h", "1d", "2d", "1w", "1M"]

    /// Minutes of some days, most of them in the day, of which many are missing.
    private func minutes(_ random: inout SeededGenerator) throws -> [Bar] {
        let start = try #require(CalendarDate("2026-10-30")).daysSinceEpoch
        var bars: [Bar] = []
        for day in start..<(start + 9) where Int.random(in: 0..<5, using: &random) > 0 {
            let first = Int64.random(in: 0..<1440, using: &random)
            let last = min(1439, first + Int64.random(in: 0..<500, using: &random))
            for minute in first...last where Int.random(in: 0..<3, using: &random) > 0 {
                let open = Double.random(in: 90..<110, using: &random)
                let close = Double.random(in: 90..<110, using: &random)
                bars.append(
                    Bar(
                        time: Timestamp(seconds: Int64(day) * 86_400 + minute * 60), open: open,
                        high: max(open, close) + 1, low: min(open, close) - 1, close: close,
                        volume: Double(Int.random(in: 0..<1000, using: &random)), isFinal: true))
            }
        }
        return bars
    }

    private func check(_ parts: [Bar], by resampler: BarResampler, _ name: String) throws {
        let end = try #require(parts.last).time.advanced(bySeconds: 40 * 86_400)
        let built = try resampler.resample(parts, asOf: end).bars
        #expect(built.reduce(0) { $0 + ($1.volume ?? 0) } == parts.reduce(0) { $0 + ($1.volume ?? 0) }, "\(name)")
        #expect(built.first?.open == parts.first?.open && built.last?.close == parts.last?.close, "\(name)")
        #expect(built.map(\.high).max() == parts.map(\.high).max(), "\(name)")
        #expect(built.map(\.low).min() == parts.map(\.low).min(), "\(name)")
        #expect(zip(built, built.dropFirst()).allSatisfy { $0.time < $1.time }, "\(name)")
        #expect(!built.map(\.isFinal).contains(false), "\(name)")
    }

    @Test("lose nothing by TradingView's sessions", arguments: sessions, ["Asia/Kolkata", "America/New_York"])
    func schedules(text: String, zone: String) throws {
        var random = SeededGenerator(seed: 5)
        let schedule = try SessionSchedule(
            sessions: text, zone: zone, holidays: "20261110", corrections: "1000-1100:20261107;1900F4-2350F4:20261112")
        for round in 0..<1 {
            let parts = try minutes(&random)
            for interval in Self.intervals {
                let resampler = try BarResampler(from: .oneMinute, to: Interval(interval), schedule: schedule)
                try check(parts, by: resampler, "\(round) \(interval)")
            }
        }
    }

    @Test("lose nothing by the calendar of India", arguments: [TradingCalendar.Segment.cash, .derivatives, .currency])
    func india(segment: TradingCalendar.Segment) throws {
        var random = SeededGenerator(seed: 6)
        for round in 0..<3 {
            let parts = try minutes(&random)
            for interval in Self.intervals {
                let resampler = try BarResampler(
                    from: .oneMinute, to: Interval(interval), calendar: .nse, segment: segment)
                try check(parts, by: resampler, "\(round) \(interval)")
            }
        }
    }

    @Test("are the same whichever later parts exist", arguments: intervals)
    func cuts(interval: String) throws {
        var random = SeededGenerator(seed: 7)
        let parts = try minutes(&random)
        let interval = try Interval(interval)
        let end = try #require(parts.last).time.advanced(bySeconds: 40 * 86_400)
        let resampler = try BarResampler(from: .oneMinute, to: interval, calendar: .nse)
        let whole = try resampler.resample(parts, asOf: end).bars
        for bar in whole {
            let reach = interval.longestSeconds
            let near = parts.filter { abs($0.time.seconds - bar.time.seconds) <= reach }
            let built = try resampler.resample(near, asOf: end).bars
            #expect(built.first { $0.time == bar.time } == bar)
        }
    }
}
