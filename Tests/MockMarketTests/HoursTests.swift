import Foundation
import MarketData
import MockMarket
import TestSupport
import Testing

private func utc(_ text: String) throws -> Timestamp { Timestamp(try Date(text, strategy: .iso8601)) }

@Suite("Hours of the mock market")
struct HoursTests {
    @Test(
        "in exchange hours no bar opens outside the session, at weekends or on holidays",
        arguments: [
            ("NSE:NIFTY", TradingCalendar.Segment.cash, 75), ("NSE:NIFTY1!", .derivatives, 77),
        ])
    func exchange(symbol: String, segment: TradingCalendar.Segment, barsADay: Int) throws {
        let now = try instant("2026-11-26 20:00")
        let market = MockMarket.at(now, hours: .exchange)
        let range = TimeRange(from: try instant("2026-11-16 00:00"), to: now)
        let bars = try market.bars(of: try Symbol(symbol), interval: .fiveMinutes, within: range, at: now)
        #expect(bars.allSatisfy { TradingCalendar.nse.session(containing: $0.time, segment: segment) != nil })
        // Monday to Friday, and Monday, Wednesday and Thursday of the week with the holiday.
        #expect(bars.count == 8 * barsADay)
        #expect(bars.allSatisfy { $0.isFinal })
    }

    @Test(
        "in exchange hours an instrument of another exchange trades when that exchange does",
        arguments: [
            // New York is five hours behind UTC in winter and four in summer; Sydney is eleven ahead and ten.
            ("NASDAQ:AAPL", "2026-11-24T14:30:00Z", "2026-11-24T21:00:00Z", "0930-1600", "America/New_York"),
            ("NASDAQ:AAPL", "2026-10-30T13:30:00Z", "2026-10-30T20:00:00Z", "0930-1600", "America/New_York"),
            ("NASDAQ:AAPL", "2026-11-02T14:30:00Z", "2026-11-02T21:00:00Z", "0930-1600", "America/New_York"),
            ("ASX:BHP", "2026-11-23T23:00:00Z", "2026-11-24T05:00:00Z", "1000-1600", "Australia/Sydney"),
            ("ASX:BHP", "2026-09-24T00:00:00Z", "2026-09-24T06:00:00Z", "1000-1600", "Australia/Sydney"),
            ("MCX:CRUDEOIL1!", "2026-11-24T03:30:00Z", "2026-11-24T18:00:00Z", "0900-2330", "Asia/Kolkata"),
            ("BINANCE:BTCUSDT", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", "24x7", "Etc/UTC"),
            ("OANDA:USDINR", "2026-11-24T05:00:00Z", "2026-11-25T05:00:00Z", "0000-2400:23456", "America/New_York"),
        ])
    func abroad(symbol: String, opens: String, closes: String, session: String, zone: String) throws {
        let (opens, closes) = (try utc(opens), try utc(closes))
        let now = closes.advanced(bySeconds: 86_400)
        let market = MockMarket.at(now, hours: .exchange)
        let symbol = try Symbol(symbol)
        let around = TimeRange(from: opens.advanced(bySeconds: -3_600), to: closes.advanced(bySeconds: 3_600))
        let isContinuous = session == "24x7" || session.hasPrefix("0000-2400")
        let minutes = try market.bars(of: symbol, interval: .oneMinute, within: around, at: now)
            .filter { !isContinuous || ($0.time >= opens && $0.time < closes) }
        #expect(minutes.first?.time == opens)
        #expect(minutes.last?.time == closes.advanced(bySeconds: -60))
        #expect(minutes.count == Int(closes.seconds - opens.seconds) / 60)
        let days = try market.bars(
            of: symbol, interval: .oneDay, within: TimeRange(from: opens, to: closes), at: now)
        let day = try #require(days.first)
        #expect(days.count == 1)
        #expect(day.time == opens)
        #expect(day.open == minutes.first?.open)
        #expect(day.close == minutes.last?.close)
        #expect(day.volume == minutes.reduce(0) { $0 + ($1.volume ?? 0) })
        #expect(try market.instrument(symbol).session == session)
        #expect(try market.instrument(symbol).timeZone == zone)
        #expect(try market.quote(of: symbol, at: opens.advanced(bySeconds: 600)).session == "market")
        let before = try market.quote(of: symbol, at: opens.advanced(bySeconds: -600)).session
        #expect(before == (isContinuous ? "market" : "out_of_session"))
        // What a client makes of session and zone are the sessions that are traded.
        let grid = InstrumentCalendar(of: symbol, instrument: try market.instrument(symbol)).grid(of: .oneHour)
        #expect(try #require(grid).bar(containing: opens)?.from == opens)
    }

    @Test("in exchange hours a share abroad does not trade on Saturday, and a coin does")
    func weekend() throws {
        let saturday = try utc("2026-11-21T15:00:00Z")
        let market = MockMarket.at(saturday, hours: .exchange)
        let day = TimeRange(from: saturday.advanced(bySeconds: -3_600), to: saturday)
        let coin = try market.bars(of: try Symbol("BINANCE:BTCUSDT"), interval: .oneMinute, within: day, at: saturday)
        let share = try market.bars(of: try Symbol("NASDAQ:AAPL"), interval: .oneMinute, within: day, at: saturday)
        #expect(coin.count == 60)
        #expect(share.isEmpty)
        #expect(
            try market.quote(of: try Symbol("NASDAQ:AAPL"), at: saturday).lastTime
                == utc("2026-11-20T21:00:00Z"))
    }

    @Test("in exchange hours prices rest overnight and open at another price")
    func night() throws {
        let now = try instant("2026-11-22 12:00")
        let market = MockMarket.at(now, hours: .exchange)
        let days = try market.bars(BarRequest(symbol: .nifty, interval: .oneDay, span: .count(20)), at: now).bars
        let gaps = zip(days, days.dropFirst()).filter { $0.close != $1.open }
        #expect(gaps.count >= 15)
        #expect(days.last?.time == (try instant("2026-11-20 09:15")))
        let quote = try market.quote(of: .nifty, at: now)
        #expect(quote.last == days.last?.close)
        #expect(quote.lastTime == (try instant("2026-11-20 15:30")))
        #expect(quote.session == "out_of_session")
        #expect(quote.previousClose == days.dropLast().last?.close)
        #expect(quote.open == days.last?.open)
        #expect(quote.volume == days.last?.volume)
    }

    @Test("with no closing hours prices move at midnight on a Sunday, and days follow each other without a gap")
    func always() throws {
        let now = try instant("2026-11-22 00:10")
        let market = MockMarket.at(now)
        let bars = try market.bars(BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(60)), at: now).bars
        #expect(Set(bars.map(\.close)).count > 30)
        #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.time.advanced(bySeconds: 60) == $1.time })
        #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.close == $1.open })
        #expect(try market.quote(of: .nifty, at: now).session == "market")
    }

    @Test("a day's quote has open, high and low of its bar, and the change against the previous close")
    func quote() throws {
        let now = Timestamp(milliseconds: try instant("2026-11-20 14:02").milliseconds + 777)
        for hours in MockMarket.Hours.allCases {
            let market = MockMarket.at(now, hours: hours)
            let days = try market.bars(BarRequest(symbol: .niftyFuture, interval: .oneDay, span: .count(2)), at: now)
                .bars
            let quote = try market.quote(of: .niftyFuture, at: now)
            let today = try #require(days.last)
            #expect(
                [quote.open, quote.high, quote.low, quote.last] == [today.open, today.high, today.low, today.close])
            #expect(quote.volume == today.volume)
            #expect(quote.openInterest == today.openInterest)
            #expect(quote.previousClose == days.first?.close)
            let (last, previous) = (try #require(quote.last), try #require(quote.previousClose))
            #expect(abs(last - previous - (quote.change ?? 0)) < 0.001)
            #expect(try #require(quote.bid) < last && last < (try #require(quote.ask)))
            #expect(quote.provenance.mode == .simulated)
            #expect(quote.provenance.source == .mock)
            #expect(quote.provenance.feed == "mock seed 1")
            #expect(quote.provenance.asOf == now)
        }
    }
}
