import MarketData
import MockMarket
import Testing

@Suite("Bars built from the mock market's finer ones")
struct MockResamplingTests {
    static let moments = [
        "2026-11-20 09:15:01", "2026-11-20 09:16:00", "2026-11-20 11:07:31", "2026-11-20 15:29:59",
        "2026-11-20 15:30:00", "2026-11-22 12:00:00", "2026-11-23 23:59:58",
    ]

    @Test(
        "from minutes they are the mock market's own bars, forming ones too", arguments: moments,
        MockMarket.Hours.allCases
    )
    func minutes(moment: String, hours: MockMarket.Hours) throws {
        let intervals = [
            "2m", "3m", "5m", "7m", "15m", "30m", "45m", "1h", "2h", "4h", "7h", "1d", "2d", "3d", "1w",
        ]
        try compare(from: "1m", to: intervals, hours: hours, at: moment, days: 9)
    }

    @Test(
        "from five seconds they are the mock market's own bars", arguments: moments, MockMarket.Hours.allCases
    )
    func seconds(moment: String, hours: MockMarket.Hours) throws {
        try compare(from: "5s", to: ["10s", "15s", "1m", "3m", "10m", "1h", "1d"], hours: hours, at: moment, days: 3)
    }

    @Test("from days they are the mock market's own bars", arguments: moments, MockMarket.Hours.allCases)
    func days(moment: String, hours: MockMarket.Hours) throws {
        try compare(from: "1d", to: ["2d", "5d", "1w", "4w", "1M", "3M", "12M"], hours: hours, at: moment, days: 800)
    }

    @Test(
        "days with two sessions and no trades in the pause equal the mock market's own bars",
        arguments: ["2024-03-02 12:07:31", "2024-03-04 10:00:00", "2021-02-24 12:00:00", "2021-02-24 18:00:00"])
    func twoSessions(moment: String) throws {
        let intervals = ["2m", "5m", "7m", "1h", "4h", "1d", "2d", "1w"]
        try compare(from: "1m", to: intervals, hours: .exchange, at: moment, days: 9)
        try compare(from: "1m", to: intervals, hours: .exchange, at: moment, days: 9, ticker: "NIFTY1!")
    }

    @Test(
        "a future with open interest and an index without volume equal the mock market's own bars",
        arguments: ["NIFTY1!", "NIFTY"])
    func futures(ticker: String) throws {
        let moment = "2026-11-20 11:07:31"
        try compare(
            from: "1m", to: ["15m", "1h", "1d"], hours: .exchange, at: moment, days: 5, ticker: ticker
        )
    }

    /// Builds from all finer bars of some days until a moment; of the first bar, the finer ones may begin too late.
    private func compare(
        from finer: String, to intervals: [String], hours: MockMarket.Hours, at moment: String, days: Int64,
        ticker: String = "RELIANCE"
    ) throws {
        let (moment, finer) = (try instant(moment), try Interval(finer))
        let market = MockMarket(seed: 7, hours: hours) { moment }
        let symbol = Symbol(exchange: "NSE", ticker: ticker)
        let range = TimeRange(from: moment.advanced(bySeconds: -days * 86_400), to: moment.advanced(bySeconds: 1))
        let parts = try market.bars(of: symbol, interval: finer, within: range, at: moment)
        let segment: TradingCalendar.Segment = ticker.hasSuffix("!") ? .derivatives : .cash
        for interval in try intervals.map({ try Interval($0) }) {
            let own = try market.bars(of: symbol, interval: interval, within: range, at: moment)
            let resampler = try BarResampler(from: finer, to: interval, calendar: market.calendar, segment: segment)
            let built = try resampler.resample(parts, asOf: moment)
            let begins = try #require(own.first?.time)
            #expect(built.bars.filter { $0.time >= begins } == own, "\(interval)")
            #expect(built.incomplete.allSatisfy { $0 < begins }, "\(interval)")
            #expect(sum(built.bars) == sum(parts), "\(interval)")
            #expect(parts.count > own.count, "\(interval)")
        }
    }

    private func sum(_ bars: [Bar]) -> Double { bars.reduce(0) { $0 + ($1.volume ?? 0) } }

    private func instant(_ text: String) throws -> Timestamp {
        let parts = text.split(separator: " ")
        return IndianTime.timestamp(try #require(CalendarDate(parts[0])), try #require(ClockTime(parts[1])))
    }
}
