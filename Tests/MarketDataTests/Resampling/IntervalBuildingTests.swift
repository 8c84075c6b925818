import MarketData
import Testing

@Suite("Which intervals are built from which")
struct IntervalBuildingTests {
    @Test(
        "needs an exact divisor",
        arguments: [
            ("5m", "1m", true), ("5m", "3m", false), ("7m", "1m", true), ("1h", "45m", false), ("1m", "5s", true),
            ("2h", "1h", true), ("3h", "2h", false), ("1m", "1m", false), ("1m", "5m", false), ("1d", "7m", true),
            ("1d", "4h", true), ("2d", "1d", true), ("4d", "2d", true), ("3d", "2d", false), ("1w", "1d", true),
            ("1w", "2d", false), ("4w", "2w", true), ("1M", "1w", false), ("1M", "1d", true), ("12M", "3M", true),
            ("12M", "5M", false), ("1M", "1h", true), ("1h", "1d", false), ("1d", "1w", false), ("1w", "1M", false),
        ])
    func division(interval: String, finer: String, isBuilt: Bool) throws {
        #expect(try Interval(interval).isBuilt(from: Interval(finer)) == isBuilt)
    }

    @Test(
        "the coarsest divisor is used",
        arguments: [
            ("45m", "15m"), ("10m", "5m"), ("7m", "1m"), ("2h", "1h"), ("90m", "30m"), ("2d", "1d"), ("3M", "1M"),
            ("1M", "1d"), ("2w", "1w"), ("1w", "1d"), ("10s", nil), ("1m", nil),
        ] as [(String, String?)])
    func parent(interval: String, parent: String?) throws {
        let native = try ["1M", "1m", "3m", "5m", "1h", "15m", "30m", "4h", "1d", "1w"].map { try Interval($0) }
        #expect(try Interval(interval).parent(among: native) == parent.map { try Interval($0) })
    }

    @Test("without daily sessions a day is built from its longest part")
    func day() throws {
        #expect(Interval.oneDay.parent(among: [.oneMinute, .oneHour, .fiveMinutes]) == .oneHour)
    }
}
