import MarketData
import Testing

@Suite("One trading day has one daily bar, however it is stamped")
struct PeriodStampsTests {
    private func stamps(
        _ symbol: String, _ interval: String = "1d", zone: String? = nil, session: String? = nil
    ) throws -> PeriodStamps {
        let symbol = try Symbol(symbol)
        let instrument = session.map { Instrument(symbol: symbol, timeZone: zone, session: $0) }
        return PeriodStamps(interval: try Interval(interval), symbol: symbol, instrument: instrument)
    }

    private func at(_ text: String) throws -> Timestamp { try Timestamp(text, zone: nil, dateMeans: .start) }

    /// Every way in which 8 June 2026, a Monday, is written.
    static let june = [
        "2026-06-08T00:00:00+05:30", "2026-06-08T00:00:00Z", "2026-06-08T05:30:00+05:30", "1780857000",
        "2026-06-08T09:15:00+05:30", "2026-06-08T15:30:00+05:30", "2026-06-08T09:00:00+05:30",
    ]

    @Test(
        "daily bars of India get the session's opening", arguments: june,
        ["NSE:NIFTY", "BSE:SENSEX", "NSE:NIFTY1!", "NSE:RELIANCE"])
    func india(text: String, symbol: String) throws {
        let stamps = try stamps(symbol)
        #expect(stamps.period(of: try at(text))?.description == "2026-06-08")
        #expect(stamps.opening(of: try at(text)).description == "2026-06-08T03:45:00Z")
        let usual = try self.stamps(symbol, zone: "Asia/Kolkata", session: "0915-1530#20260803/0915-1515")
        #expect(usual.opening(of: try at(text)).description == "2026-06-08T03:45:00Z")
    }

    @Test(
        "weeks and months may be stamped on a holiday, a Sunday or the last day",
        arguments: [
            ("1w", "2024-01-22", "2024-01-22", "2024-01-23T03:45:00Z"),
            ("1w", "2024-01-28", "2024-01-22", "2024-01-23T03:45:00Z"),
            ("1w", "2026-06-08", "2026-06-08", "2026-06-08T03:45:00Z"),
            ("1M", "2026-05-01", "2026-05-01", "2026-05-04T03:45:00Z"),
            ("1M", "2026-05-31", "2026-05-01", "2026-05-04T03:45:00Z"),
            ("3M", "2026-06-30", "2026-04-01", "2026-04-01T03:45:00Z"),
        ])
    func periods(interval: String, date: String, period: String, opening: String) throws {
        let stamps = try stamps("NSE:NIFTY", interval)
        for text in ["\(date)T00:00:00Z", "\(date)T00:00:00+05:30", "\(date)T09:15:00+05:30"] {
            #expect(stamps.period(of: try at(text))?.description == period, "\(text)")
            #expect(stamps.opening(of: try at(text)).description == opening, "\(text)")
        }
    }

    @Test("on a day without a known session a date gets the usual opening, and an instant stays")
    func specialDay() throws {
        let stamps = try stamps("NSE:NIFTY")
        #expect(stamps.opening(of: try at("2026-11-08T00:00:00Z")).description == "2026-11-08T03:45:00Z")
        let evening = try at("2026-11-08T18:15:00+05:30")
        #expect(stamps.opening(of: evening) == evening)
        #expect(stamps.period(of: evening) == stamps.period(of: try at("2026-11-08T00:00:00Z")))
        #expect(stamps.opening(of: try at("2025-10-21T00:00:00Z")).description == "2025-10-21T08:15:00Z")
    }

    @Test("a date of an exchange without a calendar stays a date until the source reports the session")
    func foreign() throws {
        let unknown = try stamps("NASDAQ:AAPL")
        let known = try stamps("NASDAQ:AAPL", zone: "America/New_York", session: "0930-1600")
        for text in ["2026-06-08T00:00:00Z", "2026-06-08T00:00:00-04:00", "2026-06-08T09:30:00-04:00"] {
            #expect(unknown.opening(of: try at(text)).description == "2026-06-08T00:00:00Z", "\(text)")
            #expect(known.opening(of: try at(text)).description == "2026-06-08T13:30:00Z", "\(text)")
            #expect(known.period(of: try at(text)) == unknown.period(of: try at(text)), "\(text)")
        }
        let unheard = try stamps("XYZ:ABC")
        #expect(unheard.opening(of: try at("2026-06-08T14:00:00Z")).description == "2026-06-08T00:00:00Z")
    }

    @Test(
        "sessions that begin the evening before, or open on another date in UTC, are stamped by trading day",
        arguments: [
            ("CME:ES1!", "America/Chicago", "1700-1600", "2026-06-07T22:00:00Z", "2026-06-08"),
            ("CME:ES1!", "America/Chicago", "1700-1600", "2026-06-08T00:00:00Z", "2026-06-08"),
            ("CME:ES1!", "America/Chicago", "1700-1600", "2026-06-08T00:00:00-05:00", "2026-06-08"),
            ("ASX:BHP", "Australia/Sydney", "1000-1600", "2026-12-06T23:00:00Z", "2026-12-07"),
            ("ASX:BHP", "Australia/Sydney", "1000-1600", "2026-12-07T00:00:00Z", "2026-12-07"),
            ("BINANCE:BTCUSDT", "Etc/UTC", "24x7", "2026-06-07T00:00:00Z", "2026-06-07"),
            ("OANDA:EURUSD", "America/New_York", "1700-1700", "2026-06-07T21:00:00Z", "2026-06-08"),
            ("OANDA:EURUSD", "America/New_York", "1700-1700", "2026-06-05T21:00:00Z", "2026-06-05"),
        ])
    func evenings(symbol: String, zone: String, session: String, text: String, day: String) throws {
        let stamps = try stamps(symbol, zone: zone, session: session)
        #expect(stamps.period(of: try at(text))?.description == day)
        let opening = stamps.opening(of: try at(text))
        #expect(stamps.opening(of: opening) == opening)
        #expect(stamps.period(of: opening)?.description == day)
    }

    @Test("intraday stamps are kept")
    func intraday() throws {
        let time = try at("2026-06-08T00:00:00Z")
        #expect(try stamps("NSE:NIFTY", "5m").opening(of: time) == time)
        #expect(try stamps("NSE:NIFTY", "5m").period(of: time) == nil)
    }
}
