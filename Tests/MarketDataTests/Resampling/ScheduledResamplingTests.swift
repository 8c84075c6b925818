import MarketData
import Testing

@Suite("Building bars by TradingView's sessions")
struct ScheduledResamplingTests {
    private func built(
        _ sessions: String, zone: String = "America/Chicago", on date: String = "2026-11-23", to interval: String,
        leavingOut missing: Set<Int> = []
    ) throws -> ResampledBars {
        let schedule = try SessionSchedule(sessions: sessions, zone: zone, corrections: "0930-1300:20261127")
        let day = try #require(CalendarDate(date))
        let minutes = schedule.sessions(on: day).flatMap { session in
            stride(from: session.from.seconds, to: session.to.seconds, by: 60).map { Timestamp(seconds: $0) }
        }
        let bars = minutes.enumerated().filter { !missing.contains($0.offset) }.map { number, time in
            Bar(
                time: time, open: Double(number), high: Double(number) + 1, low: Double(number) - 1,
                close: Double(number), volume: 1, isFinal: true
            )
        }
        let resampler = try BarResampler(from: .oneMinute, to: Interval(interval), schedule: schedule)
        return try resampler.resample(bars, asOf: try #require(bars.last).time.advanced(bySeconds: 60))
    }

    @Test("bars are counted from the start of each session, and the last one of each may be short")
    func twoSessions() throws {
        let bars = try built("0215-0826,0830-1516", to: "2h")
        #expect(
            bars.bars.map { "\($0.time) \($0.volume ?? 0)" } == [
                "2026-11-23T08:15:00Z 120.0", "2026-11-23T10:15:00Z 120.0", "2026-11-23T12:15:00Z 120.0",
                "2026-11-23T14:15:00Z 11.0", "2026-11-23T14:30:00Z 120.0", "2026-11-23T16:30:00Z 120.0",
                "2026-11-23T18:30:00Z 120.0", "2026-11-23T20:30:00Z 46.0",
            ]
        )
        #expect(!bars.bars.map(\.isFinal).contains(false))
        #expect(bars.incomplete.isEmpty)
    }

    @Test("a day spans all its sessions, and the pause between them is not a gap")
    func day() throws {
        let bars = try built("0215-0826,0830-1516", to: "1d")
        #expect(bars.bars.map(\.volume) == [777])
        #expect(bars.bars.map(\.time.description) == ["2026-11-23T08:15:00Z"])
        #expect(bars.incomplete.isEmpty)
        #expect(bars.bars.map(\.isFinal) == [true])
    }

    @Test("a day that begins the evening before opens then", arguments: ["1d", "1w"])
    func evening(interval: String) throws {
        let bars = try built("1800-1700", zone: "America/New_York", to: interval)
        #expect(bars.bars.map(\.time.description) == ["2026-11-22T23:00:00Z"])
        #expect(bars.bars.map(\.volume) == [1380])
        #expect(bars.bars.map(\.isFinal) == [interval == "1d"])
        #expect(bars.incomplete.isEmpty)
    }

    @Test("a short day is over when it closes and misses nothing")
    func shortDay() throws {
        let bars = try built("0930-1600", zone: "America/New_York", on: "2026-11-27", to: "1d")
        #expect(bars.bars.map(\.volume) == [210])
        #expect(bars.bars.map(\.isFinal) == [true])
        #expect(bars.incomplete.isEmpty)
    }

    @Test("a day on which summer time ends is an hour longer")
    func clockChange() throws {
        let bars = try built("24x7", zone: "America/New_York", on: "2026-11-01", to: "1d")
        #expect(bars.bars.map(\.volume) == [1500])
        #expect(bars.incomplete.isEmpty)
    }

    @Test("a missing minute on either side of the pause is found", arguments: [370, 371])
    func pause(missing: Int) throws {
        #expect(try built("0215-0826,0830-1516", to: "1d", leavingOut: [missing]).incomplete.count == 1)
    }
}
