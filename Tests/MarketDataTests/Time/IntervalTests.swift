import MarketData
import Testing

@Suite("Intervals")
struct IntervalTests {
    @Test(
        "every spelling is read, Bhav's and TradingView's",
        arguments: [
            ("5m", "5m"), ("5", "5m"), ("60", "1h"), ("60m", "1h"), ("90", "90m"), ("240", "4h"), ("1h", "1h"),
            ("1H", "1h"),
            ("D", "1d"), ("1D", "1d"), ("1d", "1d"), ("2d", "2d"), ("W", "1w"), ("1W", "1w"), ("M", "1M"), ("1M", "1M"),
            ("3M", "3M"), ("15s", "15s"), ("15S", "15s"), ("1m", "1m"), ("1", "1m"), ("45m", "45m"), ("10m", "10m"),
        ])
    func reads(text: String, expected: String) throws {
        let interval = try Interval(text)
        #expect(interval.description == expected)
        #expect(try Interval(interval.description) == interval)
    }

    @Test("a small m is a minute and a large M a month")
    func minuteAndMonth() throws {
        #expect(try Interval("1m") == .oneMinute)
        #expect(try Interval("1M") == .oneMonth)
        #expect(Interval.oneMinute != Interval.oneMonth)
    }

    @Test(
        "an invalid interval is rejected by name",
        arguments: [
            "", "m", "s", "h", "0", "0m", "-5m", "5x", "1.5h", "m5", "99999999999999999999", "24h", "1440", "60s",
            "13M", "٥m",
        ])
    func refuses(text: String) {
        let error = #expect(throws: MarketDataError.self) { try Interval(text) }
        #expect(error?.code == .unknownInterval)
        #expect(error?.message.contains("'\(text)'") == true)
    }

    @Test(
        "an interval beyond the longest of its unit is rejected with the right spelling",
        arguments: [
            ("1440m", "write it in days, such as 1d"), ("24h", "write it in days, such as 1d"),
            ("366d", "the longest are 365d, 52w and 12M"), ("53w", "the longest are 365d, 52w and 12M"),
        ])
    func tooLong(text: String, words: String) {
        let error = #expect(throws: MarketDataError.self) { try Interval(text) }
        #expect(error?.code == .unknownInterval)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("a year of days is an interval, as at TradingView")
    func longest() throws {
        #expect(try Interval("365d").description == "365d")
        #expect(try Interval("1439m").seconds == 86_340)
    }

    @Test("only intraday intervals have a length in seconds")
    func seconds() throws {
        #expect(try Interval("45m").seconds == 2_700)
        #expect(try Interval("3h").seconds == 10_800)
        #expect(Interval.oneDay.seconds == nil)
        #expect(Interval.oneWeek.isIntraday == false)
    }
}
