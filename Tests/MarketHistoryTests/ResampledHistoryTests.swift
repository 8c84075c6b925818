import MarketData
import MarketHistory
import MockMarket
import Testing

@Suite("Bars built from finer ones")
struct ResampledHistoryTests {
    private static let kept = ["1m", "3m", "5m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "1d", "1w", "1M"]
        .compactMap { try? Interval($0) }
    private static let now = Timestamp(seconds: 1_790_000_000)

    private func market(_ hours: MockMarket.Hours) -> MockMarket {
        MockMarket(seed: 3, hours: hours, clock: { ResampledHistoryTests.now })
    }

    private func built(_ hours: MockMarket.Hours, _ request: BarRequest) async throws -> BarSeries {
        try await ResampledHistory(market(hours), keeping: ResampledHistoryTests.kept) { ResampledHistoryTests.now }
            .bars(request)
    }

    private func request(_ interval: String, _ span: BarRequest.Span) throws -> BarRequest {
        BarRequest(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: try Interval(interval), span: span)
    }

    @Test(
        "are the market's own, the forming one too",
        arguments: ["2m", "4m", "6m", "7m", "10m", "20m", "75m", "90m", "125m", "6h", "2d", "3d", "2w", "2M"],
        MockMarket.Hours.allCases)
    func equalTheMarkets(interval: String, hours: MockMarket.Hours) async throws {
        let request = try request(interval, .count(40))
        let own = try await market(hours).bars(request)
        let series = try await built(hours, request)
        #expect(series.bars == own.bars)
        #expect(series.builtFrom != nil)
        #expect(series.provenance.mode == .simulated)
        #expect(series.isComplete)
    }

    @Test("of a range are those that open in it")
    func range() async throws {
        let range = TimeRange(
            from: ResampledHistoryTests.now.advanced(bySeconds: -3 * 86_400), to: ResampledHistoryTests.now)
        let request = try request("10m", .range(range))
        let own = try await market(.exchange).bars(request)
        let series = try await built(.exchange, request)
        #expect(series.bars == own.bars)
        #expect(!series.bars.isEmpty)
    }

    @Test("are not built where the source keeps them itself")
    func ownInterval() async throws {
        let series = try await built(.always, request("5m", .count(3)))
        #expect(series.builtFrom == nil)
    }

    @Test("that would take too many finer bars are refused, by their number")
    func tooMany() async throws {
        let request = try request("7m", .count(90_000))
        let error = await #expect(throws: MarketDataError.self) { _ = try await built(.always, request) }
        #expect(error?.code == .tooLarge)
    }
}
