import MarketData
import MarketHistory
import MarketStore
import MockMarket
import Testing

@Suite("Backfill of instruments with hours of their own")
struct BackfillCalendarTests {
    /// 2026-07-04, a Saturday, in India, and the Sunday after it.
    private static let weekend = TimeRange(
        from: Timestamp(seconds: 1_783_103_400), to: Timestamp(seconds: 1_783_103_400 + 2 * 86_400))
    private static let now = weekend.to.advanced(bySeconds: 86_400)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func backfill(_ source: CountingSource) -> Backfill {
        var pace = Backfill.Pace()
        pace.pageSize = 100
        pace.pause = .zero
        return Backfill(store: store, source: source, calendars: .exchanges, pace: pace, clock: { Self.now })
    }

    @Test("one that is known to trade around the clock is fetched for a weekend, whatever its exchange's calendar says")
    func aroundTheClock() async throws {
        let source = CountingSource(now: Self.now, hours: .always)
        let probe = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(1))
        try await store.keep(try #require(try await source.bars(probe).instrument))
        let outcome = try await backfill(source).complete(Self.key, over: Self.weekend)
        #expect(outcome.written.inserted == 2 * 288)
        #expect(outcome.isComplete)
        let survey = try await SeriesCoverage.survey(
            of: Self.key, over: Self.weekend, in: store, calendars: .exchanges, now: Self.now)
        #expect(survey.isComplete)
        #expect(survey.spans.map(\.state) == [.had])
    }

    @Test("the first answer tells of the hours, and what should be there by them is fetched, too")
    func learnt() async throws {
        // From Friday's last bar on: by the exchange's calendar that is all there is before Monday.
        let range = TimeRange(
            from: Self.weekend.from.advanced(bySeconds: -8 * 3600 - 35 * 60), to: Self.weekend.to)
        let source = CountingSource(now: Self.now, hours: .always)
        let outcome = try await backfill(source).complete(Self.key, over: range)
        #expect(outcome.isComplete)
        #expect(outcome.written.inserted == 2 * 288 + 103)
        #expect(try await store.instrument(of: .nifty)?.session == "24x7")
        let again = CountingSource(now: Self.now, hours: .always)
        #expect(try await backfill(again).complete(Self.key, over: range).questions == 0)
    }

    @Test("a currency at NSE is not held to the hours of shares: nothing outside of them is called closed")
    func currency() async throws {
        let source = CountingSource(now: Self.now, hours: .always) { _, series in
            var series = series
            series.instrument?.session = "0900-1700"
            return series
        }
        let friday = TimeRange(
            from: Self.weekend.from.advanced(bySeconds: -15 * 3600),
            to: Self.weekend.from.advanced(bySeconds: -7 * 3600))
        let outcome = try await backfill(source).complete(Self.key, over: friday)
        #expect(outcome.isComplete)
        #expect(outcome.written.inserted == 8 * 12)
        let survey = try await SeriesCoverage.survey(
            of: Self.key, over: friday, in: store, calendars: .exchanges, now: Self.now)
        #expect(!survey.isJudgedByCalendar)
        #expect(survey.isComplete)
    }
}
