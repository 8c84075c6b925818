import MarketData
import MockMarket
import TestSupport
import Testing

@Suite("Bars are aggregates of one path")
struct AggregationTests {
    @Test(
        "a longer bar aggregates exactly the shorter ones",
        arguments: [
            ("1d", "5m"), ("1h", "5s"), ("5m", "1s"), ("45m", "1m"), ("4h", "15m"), ("1d", "7m"), ("1d", "13s"),
            ("1w", "1d"), ("1M", "1d"), ("3d", "1d"), ("1w", "4h"),
        ], MockMarket.Hours.allCases)
    func aggregates(intervals: (long: String, short: String), hours: MockMarket.Hours) throws {
        let (long, short) = intervals
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now, hours: hours)
        for symbol in [Symbol.nifty, .indiaVIX, .niftyFuture] {
            let request = BarRequest(symbol: symbol, interval: try Interval(long), span: .count(3))
            for bar in try market.bars(request, at: now).bars {
                let boundaries = BarBoundaries(
                    interval: request.interval, calendar: market.calendar,
                    segment: symbol == .niftyFuture ? .derivatives : .cash
                )
                let span = boundaries.latestBar(at: bar.time)
                let parts = try market.bars(of: symbol, interval: try Interval(short), within: span, at: now)
                #expect(parts.first?.open == bar.open)
                #expect(parts.map(\.high).max() == bar.high)
                #expect(parts.map(\.low).min() == bar.low)
                #expect(parts.last?.close == bar.close)
                #expect(parts.last?.openInterest == bar.openInterest)
                let volumes = parts.compactMap(\.volume)
                #expect(volumes.isEmpty == (bar.volume == nil))
                if let volume = bar.volume { #expect(volumes.reduce(0, +) == volume) }
            }
        }
    }

    @Test("one day aggregates exactly its ticks of five seconds", arguments: MockMarket.Hours.allCases)
    func ticks(hours: MockMarket.Hours) throws {
        let now = try instant("2026-11-21 12:00")
        let market = MockMarket.at(now, hours: hours)
        let session = try #require(market.calendar.session(on: try date("2026-11-20")))
        let range = TimeRange(from: session.opens, to: session.closes)
        let day = try #require(market.bars(of: .nifty, interval: .oneDay, within: range, at: now).first)
        let ticks = try market.bars(of: .nifty, interval: try Interval("5s"), within: range, at: now)
        #expect(ticks.count == Int(session.seconds / 5))
        #expect(day.open == ticks.first?.open)
        #expect(day.close == ticks.last?.close)
        #expect(day.high == ticks.map(\.high).max())
        #expect(day.low == ticks.map(\.low).min())
        #expect(day.volume == ticks.compactMap(\.volume).reduce(0, +))
        #expect(zip(ticks, ticks.dropFirst()).allSatisfy { $0.close == $1.open })
    }

    @Test(
        "the price at any millisecond lies within the bars of every interval",
        arguments: ["1s", "5s", "1m", "1h", "1d"])
    func quotesLieInBars(interval: String) throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        var random = SeededGenerator(seed: 3)
        let boundaries = BarBoundaries(interval: try Interval(interval), calendar: market.calendar)
        for _ in 0..<300 {
            let moment = Timestamp(milliseconds: now.milliseconds - Int64.random(in: 0...900_000_000, using: &random))
            let price = try market.price(of: .bankNifty, at: moment)
            let span = boundaries.latestBar(at: moment)
            let bar = try #require(
                market.bars(of: .bankNifty, interval: boundaries.interval, within: span, at: now).first)
            #expect(bar.low <= price && price <= bar.high)
            let quote = try market.quote(of: .bankNifty, at: moment)
            #expect(quote.last == price)
        }
    }

    @Test("the forming bar ends at the price of now and has no later volume")
    func forming() throws {
        let now = Timestamp(milliseconds: try instant("2026-11-20 14:03").milliseconds + 1_234)
        let market = MockMarket.at(now)
        let bar = try #require(
            market.bars(BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(1)), at: now).bars.last)
        #expect(bar.time == (try instant("2026-11-20 14:00")))
        #expect(!bar.isFinal)
        #expect(bar.close == (try market.price(of: .nifty, at: now)))
        let whole = try #require(
            market.bars(
                BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(1)),
                at: try instant("2026-11-20 14:04")
            ).bars.last)
        #expect((bar.volume ?? 0) < (whole.volume ?? 0))
    }

    @Test("a bar that opens now has the price of now and no volume")
    func newborn() throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let bar = try #require(
            market.bars(BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(1)), at: now).bars.last)
        let price = try market.price(of: .nifty, at: now)
        #expect(bar.time == now)
        #expect([bar.open, bar.high, bar.low, bar.close] == [price, price, price, price])
        #expect(bar.volume == 0)
        #expect(!bar.isFinal)
    }
}
