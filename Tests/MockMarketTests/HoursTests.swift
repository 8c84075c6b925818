import MarketData
import MockMarket
import TestSupport
import Testing

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
