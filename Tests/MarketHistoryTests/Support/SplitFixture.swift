import MarketData
import MarketStore
import TestSupport

@testable import MarketHistory

/// A suite about a split that happened after some weeks were stored.
protocol SplitFixture {
    var store: SQLiteMarketStore { get }
}

extension SplitFixture {
    /// 2026-07-01, a Wednesday, and four weeks of NSE sessions after it.
    static var range: TimeRange {
        TimeRange(from: Timestamp(seconds: 1_782_844_200), to: Timestamp(seconds: 1_782_844_200 + 28 * 86_400))
    }
    static var evening: Timestamp { range.to.advanced(bySeconds: 17 * 3600) }
    static var later: Timestamp { evening.advanced(bySeconds: 14 * 86_400) }
    static var key: SeriesKey { SeriesKey(symbol: .nifty, interval: .fiveMinutes) }

    func request(_ range: TimeRange = range) -> BarRequest {
        BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(range))
    }

    func week(_ number: Int64) -> TimeRange {
        let start = Self.range.from.advanced(bySeconds: number * 7 * 86_400)
        return TimeRange(from: start, to: start.advanced(bySeconds: 7 * 86_400))
    }

    /// Stores weeks at the prices of before the split.
    func store(weeks: [Int64]) async throws {
        let evening = Self.evening
        let before = StoredHistory(CountingSource(now: evening), cache: .over(store), clock: { evening })
        for number in weeks { _ = try await before.bars(request(week(number))) }
    }
}
