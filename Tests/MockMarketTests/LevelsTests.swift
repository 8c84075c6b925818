import MarketData
import MockMarket
import TestSupport
import Testing

@Suite("Plausible prices")
struct LevelsTests {
    @Test(
        "levels of 2026 are near those of the real instruments",
        arguments: [
            ("NSE:NIFTY", 25_000.0), ("NSE:BANKNIFTY", 57_000), ("NSE:FINNIFTY", 27_000), ("NSE:MIDCPNIFTY", 13_500),
            ("NSE:NIFTYNXT50", 68_000), ("NSE:INDIAVIX", 13), ("BSE:SENSEX", 82_000), ("BSE:BANKEX", 64_000),
            ("NASDAQ:AAPL", 230),
        ])
    func levels(symbol: String, level: Double) throws {
        let now = try instant("2026-11-20 14:00")
        let spread = symbol == "NSE:INDIAVIX" ? 0.6 : 0.2
        for seed in UInt64(1)...8 {
            let price = try MockMarket.at(now, seed: seed).price(of: try Symbol(symbol), at: now)
            #expect(abs(price / level - 1) < spread)
        }
    }

    @Test(
        "every symbol of the universe has a positive price on the grid of 0.05 in every year",
        arguments: MockMarket.Hours.allCases)
    func positive(hours: MockMarket.Hours) throws {
        let now = try instant("2060-01-04 14:00")
        let market = MockMarket.at(now, hours: hours)
        #expect(market.symbols.count > 310)
        for symbol in market.symbols {
            for year in stride(from: 2010, to: 2060, by: 7) {
                let price = try market.price(of: symbol, at: try instant("\(year)-06-05 11:11"))
                #expect(price > 1 && price < 1_000_000)
                #expect((price * 20).rounded() / 20 == price)
            }
        }
    }

    @Test("daily changes are as large as the real ones, and bars are valid", arguments: MockMarket.Hours.allCases)
    func volatility(hours: MockMarket.Hours) throws {
        let now = try instant("2026-11-20 20:00")
        let request = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(500))
        let bars = try MockMarket.at(now, hours: hours).bars(request, at: now).bars
        let changes = zip(bars, bars.dropFirst()).map { $1.close / $0.close - 1 }
        let deviation = (changes.map { $0 * $0 }.reduce(0, +) / Double(changes.count)).squareRoot()
        #expect((0.006...0.014).contains(deviation))
        for bar in bars {
            #expect(bar.low <= min(bar.open, bar.close) && max(bar.open, bar.close) <= bar.high)
            #expect((bar.high - bar.low) / bar.open < 0.08)
            #expect((bar.volume ?? 0) > 0)
        }
    }

    @Test("an instrument without volume has none rather than zero")
    func noVolume() throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let bars = try market.bars(BarRequest(symbol: .indiaVIX, interval: .oneMinute, span: .count(9)), at: now).bars
        #expect(bars.allSatisfy { $0.volume == nil && $0.openInterest == nil })
        #expect(try market.quote(of: .indiaVIX, at: now).volume == nil)
        #expect(try market.instrument(.indiaVIX).hasVolume == false)
        #expect(
            try market.bars(BarRequest(symbol: .niftyFuture, interval: .oneDay, span: .count(3)), at: now)
                .bars.allSatisfy { ($0.openInterest ?? 0) > 1_000_000 })
    }

    @Test("history begins in 2010, and a request beyond it is short with that reason")
    func startOfHistory() throws {
        let now = try instant("2026-11-20 14:00")
        for hours in MockMarket.Hours.allCases {
            let market = MockMarket.at(now, hours: hours)
            let months = try market.bars(BarRequest(symbol: .nifty, interval: .oneMonth, span: .count(1_000)), at: now)
            #expect(months.shortfall == .startOfHistory)
            #expect(months.bars.count == 203)
            let range = TimeRange(from: try instant("2009-06-01 00:00"), to: try instant("2010-01-12 00:00"))
            let days = try market.bars(BarRequest(symbol: .nifty, interval: .oneDay, span: .range(range)), at: now)
            #expect(days.shortfall == .startOfHistory)
            #expect(days.bars.count == (hours == .always ? 11 : 7))
            let weeks = try market.bars(BarRequest(symbol: .nifty, interval: .oneWeek, span: .count(2_000)), at: now)
            #expect(weeks.bars.first?.time == days.bars.first?.time)
        }
    }

    @Test("failures have their codes: unknown symbols, ranges too long, times before history")
    func failures() throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let unknown = #expect(throws: MarketDataError.self) {
            try market.price(of: Symbol(exchange: "NSE", ticker: "NIFTI"), at: now)
        }
        #expect(unknown?.code == .symbolNotFound)
        #expect(unknown?.suggestions.first == "NSE:NIFTY")
        let early = #expect(throws: MarketDataError.self) {
            try market.price(of: .nifty, at: try instant("2009-12-31 23:59"))
        }
        #expect(early?.code == .noDataForTime)
        let long = #expect(throws: MarketDataError.self) {
            try market.bars(
                of: .nifty, interval: .oneSecond,
                within: TimeRange(from: try instant("2026-11-18 00:00"), to: now), at: now)
        }
        #expect(long?.code == .tooLarge)
    }
}
