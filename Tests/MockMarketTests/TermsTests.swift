import MarketData
import TestSupport
import Testing

@testable import MockMarket

@Suite("Splits, dividends, rolls and currencies of the mock market")
struct TermsTests {
    private static let splitting = Symbol(exchange: "NSE", ticker: "SPLITCO")
    private static let reliance = Symbol(exchange: "NSE", ticker: "RELIANCE1!")

    private func moment(_ day: String) throws -> Timestamp {
        IndianTime.timestamp(try #require(CalendarDate(day)), ClockTime(hour: 18, minute: 0))
    }

    private func daily(
        _ symbol: Symbol, _ count: Int, _ adjust: (inout BarRequest) -> Void = { _ in }, at moment: Timestamp,
        market: MockMarket = MockMarket(seed: 1, hours: .exchange)
    ) throws -> [Bar] {
        var request = BarRequest(symbol: symbol, interval: .oneDay, span: .count(count))
        adjust(&request)
        return try market.bars(request, at: moment).bars
    }

    private func date(_ bar: Bar) -> String { "\(IndianTime.date(bar.time))" }

    @Test("as traded a share costs twice as much before its split, with half the volume")
    func split() throws {
        let now = try moment("2026-11-20")
        let adjusted = try daily(Self.splitting, 200, at: now)
        let traded = try daily(Self.splitting, 200, { $0.adjustment = .none }, at: now)
        for (adjusted, traded) in zip(adjusted, traded) {
            let ratio = date(adjusted) < "2026-06-15" ? 2.0 : 1
            #expect(abs(traded.close - adjusted.close * ratio) < 0.051)
            #expect(abs((traded.volume ?? 0) - (adjusted.volume ?? 0) / ratio) <= 1)
        }
        #expect(adjusted.contains { date($0) < "2026-06-15" })
        // Before the split was known, its adjusted prices were those that were traded.
        let before = try daily(Self.splitting, 5, at: try moment("2026-06-12"))
        let after = try daily(Self.splitting, 200, { $0.adjustment = .none }, at: now)
        #expect(before.map(\.close) == after.filter { before.map(\.time).contains($0.time) }.map(\.close))
    }

    @Test("adjusted for dividends, prices before one are lower by the amount paid")
    func dividend() throws {
        let now = try moment("2026-11-20")
        let splits = try daily(Self.splitting, 100, at: now)
        let dividends = try daily(Self.splitting, 100, { $0.adjustment = .dividends }, at: now)
        for (plain, adjusted) in zip(splits, dividends) {
            let kept = date(plain) < "2026-08-03" ? 0.98 : 1
            #expect(abs(adjusted.close - plain.close * kept) < 0.051)
        }
        #expect(splits.first?.close != dividends.first?.close)
        #expect(splits.last == dividends.last)
    }

    @Test("an announced split changes the past of that share alone, and bars of any length agree")
    func announced() throws {
        let now = try moment("2026-11-20")
        let market = MockMarket(seed: 1, hours: .exchange)
        let symbol = Symbol(exchange: "NSE", ticker: "MOCK007")
        let before = try daily(symbol, 20, at: now, market: market)
        let other = try daily(Symbol(exchange: "NSE", ticker: "TCS"), 20, at: now, market: market)
        market.announce(CorporateAction(symbol: symbol, date: IndianTime.date(now), kind: .split(ratio: 4)))
        let after = try daily(symbol, 20, at: now, market: market)
        for (before, after) in zip(before, after) { #expect(abs(after.close - before.close / 4) < 0.026) }
        let traded = try daily(symbol, 20, { $0.adjustment = .none }, at: now, market: market)
        #expect(traded.dropLast().map(\.close) == before.dropLast().map(\.close))
        #expect(traded.last == after.last)
        #expect(try daily(Symbol(exchange: "NSE", ticker: "TCS"), 20, at: now, market: market) == other)
        #expect(try market.quote(of: symbol, at: now).last == after.last?.close)
        let hours = try market.bars(
            BarRequest(symbol: symbol, interval: .oneHour, span: .count(7)), at: now
        ).bars
        #expect(hours.map(\.high).max() == after.last?.high)
        #expect(hours.last?.close == after.last?.close)
    }

    @Test(
        "a continuous future jumps at a roll by the interest, and back-adjusted it does not",
        arguments: MockMarket.Hours.allCases)
    func roll(hours: MockMarket.Hours) throws {
        let now = try moment("2026-11-20")
        let market = MockMarket(seed: 1, hours: hours)
        let spot = try daily(Symbol(exchange: "NSE", ticker: "RELIANCE"), 60, at: now, market: market)
        let traded = try daily(Self.reliance, 60, at: now, market: market)
        let adjusted = try daily(Self.reliance, 60, { $0.backAdjusted = true }, at: now, market: market)
        let range = TimeRange(from: traded[0].time, to: now)
        let rolls = try market.rolls(of: Self.reliance, within: range)
        #expect(rolls.count == (hours == .always ? 2 : 3))
        #expect(traded.last == adjusted.last)
        for (day, before) in zip(traded.indices.dropFirst(), traded.indices) {
            let offsets = (adjusted[before].close - traded[before].close, adjusted[day].open - traded[day].open)
            let step = offsets.0 - offsets.1
            if rolls.contains(where: { $0.time == traded[day].time }) {
                // About a month's interest of 8 % a year.
                #expect((0.004...0.009).contains(step / traded[before].close))
                let move = traded[day].open - traded[before].close - (spot[day].open - spot[before].close)
                #expect(abs(move - step) < spot[day].open * 0.002)
            } else {
                #expect(abs(step) < 0.026)
            }
        }
    }

    @Test("rolls name the contracts, and come with the series")
    func contracts() throws {
        let now = try moment("2026-11-20")
        let market = MockMarket(seed: 1, hours: .exchange)
        let request = BarRequest(symbol: .niftyFuture, interval: .oneDay, span: .count(30))
        let rolls = try #require(try market.bars(request, at: now).rolls)
        #expect(rolls.map(\.from?.ticker) == ["NIFTYV2026"])
        #expect(rolls.map(\.to?.ticker) == ["NIFTYX2026"])
        #expect(rolls.map { "\(IndianTime.date($0.time))" } == ["2026-10-28"])
        let index = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(30))
        #expect(try market.bars(index, at: now).rolls == nil)
    }

    @Test("the nearest future of the index is unchanged, and its rolls can be back-adjusted")
    func nearest() throws {
        let now = try moment("2026-11-20")
        let market = MockMarket(seed: 1, hours: .exchange)
        let traded = try daily(.niftyFuture, 40, at: now, market: market)
        let adjusted = try daily(.niftyFuture, 40, { $0.backAdjusted = true }, at: now, market: market)
        let rolls = try market.rolls(of: .niftyFuture, within: TimeRange(from: traded[0].time, to: now))
        let roll = try #require(rolls.last)
        let after = traded.indices.filter { traded[$0].time >= roll.time }
        #expect(after.allSatisfy { traded[$0] == adjusted[$0] })
        let gaps = Set(
            traded.indices.filter {
                traded[$0].time < roll.time && traded[$0].time > roll.time.advanced(bySeconds: -20 * 86_400)
            }
            .map { ((adjusted[$0].close - traded[$0].close) * 20).rounded() })
        #expect(gaps.count == 1 && gaps != [0])
        let next = try daily(Symbol(exchange: "NSE", ticker: "NIFTY2!"), 5, at: now, market: market)
        for (next, front) in zip(next, traded.suffix(5)) { #expect(next.close > front.close * 1.004) }
    }

    @Test("a contract of one month ends with its expiry, and the nearest one is the continuous future")
    func dated() throws {
        let now = try moment("2026-11-20")
        let front = try daily(.niftyFuture, 10, at: now)
        let november = try daily(Symbol(exchange: "NSE", ticker: "NIFTYX2026"), 10, at: now)
        #expect(november.map(\.close) == front.map(\.close))
        let october = try daily(Symbol(exchange: "NSE", ticker: "NIFTYV2026"), 500, at: now)
        #expect(october.last.map(date) == "2026-10-27")
        #expect((55...70).contains(october.count))
        #expect(october.allSatisfy { $0.isFinal })
        let december = try daily(Symbol(exchange: "NSE", ticker: "NIFTYZ2026"), 10, at: now)
        for (front, next) in zip(front, december) { #expect(next.close > front.close * 1.004) }
        #expect(throws: MarketDataError.self) { try daily(Symbol(exchange: "NSE", ticker: "NIFTYY2026"), 1, at: now) }
    }

    @Test("prices in another currency are the same at one rate, and an unknown currency is rejected")
    func currency() throws {
        let now = try moment("2026-11-20")
        let rupees = try daily(.nifty, 5, at: now)
        let dollars = try daily(.nifty, 5, { $0.currency = "USD" }, at: now)
        let rate = dollars[0].close / rupees[0].close
        #expect((0.01...0.013).contains(rate))
        for (rupee, dollar) in zip(rupees, dollars) { #expect(abs(dollar.high - rupee.high * rate) < 0.001) }
        #expect(throws: MarketDataError.self) { try daily(.nifty, 5, { $0.currency = "XAU" }, at: now) }
    }
}
