import MarketData
import MockMarket
import TestSupport
import Testing

@Suite("Requests at the ends of time")
struct ExtremesTests {
    private let first = Timestamp(milliseconds: .min)
    private let last = Timestamp(milliseconds: .max)

    @Test("a range from the first instant to the last returns all of history and says where it begins")
    func range() async throws {
        let now = try instant("2026-11-20 14:00")
        for hours in MockMarket.Hours.allCases {
            let range = TimeRange(from: first, to: last)
            let request = BarRequest(symbol: .nifty, interval: .oneMonth, span: .range(range))
            let series = try await MockMarket.at(now, hours: hours).bars(request)
            #expect(series.bars.count == 203)
            #expect(series.shortfall == .startOfHistory)
            #expect(series.bars.last?.isFinal == false)
        }
    }

    @Test("a range that lies wholly in the future, or before history, is empty")
    func outside() throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let future = TimeRange(from: now.advanced(bySeconds: 1), to: last)
        #expect(try market.bars(of: .nifty, interval: .oneMinute, within: future, at: now).isEmpty)
        let past = TimeRange(from: first, to: try instant("2009-01-01 00:00"))
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .range(past))
        let series = try market.bars(request, at: now)
        #expect(series.bars.isEmpty)
        #expect(series.shortfall == .startOfHistory)
    }

    @Test("open interest of impossible times is rejected", arguments: [Int64.min, .max])
    func openInterest(milliseconds: Int64) async throws {
        let market = MockMarket.at(try instant("2026-11-20 14:00"))
        let error = await #expect(throws: MarketDataError.self) {
            try await market.openInterest(
                OpenInterestRequest(symbol: .nifty, at: Timestamp(milliseconds: milliseconds)))
        }
        #expect(error?.code == .noDataForTime)
    }

    @Test("history of open interest ends at now, however far the range reaches")
    func history() async throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let range = TimeRange(from: now.advanced(bySeconds: -3_600), to: last)
        let history = try await market.openInterestHistory(of: .nifty, expiry: nil, within: range)
        #expect(history.count == 21)
        #expect(history.last?.provenance.asOf == now)
        #expect(history.last == (try await market.openInterest(OpenInterestRequest(symbol: .nifty))))
    }

    @Test("the largest count of the smallest bars is returned in full")
    func largest() throws {
        let now = try instant("2026-11-20 14:00")
        let market = MockMarket.at(now)
        let request = BarRequest(symbol: .nifty, interval: .oneSecond, span: .count(BarRequest.largestCount))
        let series = try market.bars(request, at: now)
        #expect(series.bars.count == BarRequest.largestCount)
        #expect(series.isComplete)
        #expect(throws: MarketDataError.self) {
            try market.bars(BarRequest(symbol: .nifty, interval: .oneSecond, span: .count(100_001)), at: now)
        }
    }
}
