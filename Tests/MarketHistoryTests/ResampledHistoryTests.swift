import MarketData
import MarketHistory
import MockMarket
import TestSupport
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
        "built bars equal the market's, the forming one too",
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

    @Test("a range has the built bars that open in it")
    func range() async throws {
        let range = TimeRange(
            from: ResampledHistoryTests.now.advanced(bySeconds: -3 * 86_400), to: ResampledHistoryTests.now)
        let request = try request("10m", .range(range))
        let own = try await market(.exchange).bars(request)
        let series = try await built(.exchange, request)
        #expect(series.bars == own.bars)
        #expect(!series.bars.isEmpty)
    }

    @Test("bars that the source has are not built")
    func ownInterval() async throws {
        let series = try await built(.always, request("5m", .count(3)))
        #expect(series.builtFrom == nil)
    }

    @Test("bars that need too many finer bars are refused with their number")
    func tooMany() async throws {
        let request = try request("7m", .count(90_000))
        let error = await #expect(throws: MarketDataError.self) { _ = try await built(.always, request) }
        #expect(error?.code == .tooLarge)
    }
}

@Suite("Ranges that end inside a built bar")
struct BuiltRangeTests {
    private static let now = Timestamp(seconds: 1_790_000_000)
    private static let kept = ["1m", "5m", "1h", "1d"].compactMap { try? Interval($0) }

    @Test(
        "[t, t+1) gives bar t exactly as a count does",
        arguments: ["2m", "10m", "20m", "75m", "90m", "2h", "4h", "2d", "1w", "1M"], MockMarket.Hours.allCases)
    func oneSecond(interval: String, hours: MockMarket.Hours) async throws {
        let now = Self.now
        for symbol in [Symbol(exchange: "NSE", ticker: "RELIANCE"), Symbol(exchange: "NSE", ticker: "NIFTY1!")] {
            let market = MockMarket(seed: 3, hours: hours, clock: { now })
            let history = ResampledHistory(market, keeping: Self.kept) { now }
            var request = BarRequest(symbol: symbol, interval: try Interval(interval), span: .count(12))
            let whole = try await history.bars(request).bars
            #expect(whole.count == 12)
            for bar in whole {
                for seconds in [Int64(1), 60] {
                    request.span = .range(TimeRange(from: bar.time, to: bar.time.advanced(bySeconds: seconds)))
                    let series = try await history.bars(request)
                    #expect(series.bars == [bar], "\(symbol) \(bar.time)")
                    #expect(series.isComplete)
                }
            }
        }
    }

    @Test("a first bar with a quiet minute is kept without a gap outside the range")
    func quietMinute() async throws {
        let day = try #require(CalendarDate("2026-07-28"))
        let opening = IndianTime.timestamp(day, ClockTime(hour: 9, minute: 15))
        let parts = [0, 2, 3, 7, 11].map { minute in
            Bar(
                time: opening.advanced(bySeconds: Int64(minute) * 60), open: 1, high: 2, low: 1, close: 2, volume: 10,
                isFinal: true)
        }
        let gap = TimeRange(from: opening.advanced(bySeconds: 900), to: opening.advanced(bySeconds: 960))
        let source = FixedParts(bars: parts, gaps: [Gap(range: gap, reason: "missing")])
        let history = ResampledHistory(source, keeping: [.oneMinute]) { Self.now }
        let range = TimeRange(from: opening, to: opening.advanced(bySeconds: 300))
        let series = try await history.bars(
            BarRequest(symbol: Symbol(exchange: "NSE", ticker: "SHARE"), interval: Interval("10m"), span: .range(range))
        )
        #expect(series.bars.map(\.time) == [opening])
        #expect(series.bars.map(\.volume) == [40])
        #expect(series.isComplete)
    }

    /// Five-minute bars of some months with what no calendar knows: a special session on a Sunday evening, an evening
    /// after an outage, an early close, two sessions, a holiday that was none, a print at the close, quiet bars.
    private func surprisingBars() throws -> [Bar] {
        var random = SeededGenerator(seed: 21)
        let first = try #require(CalendarDate("2026-09-01"))
        var bars: [Bar] = []
        for number in 0..<100 {
            let day = first.advanced(byDays: number)
            var spans: [ClosedRange<Int>] = TradingCalendar.nse.isTradingDay(day) ? [555...910, 927...927] : []
            switch day.description {
            case "2026-11-08": spans = [1095...1154]
            case "2026-09-15": spans = [555...700, 945...1019]
            case "2026-09-16": spans = [555...780]
            case "2026-09-19": spans = [555...599, 690...749]
            case "2026-10-02": spans = [555...929]
            case "2026-10-05": spans = [540...540, 555...930]
            default: break
            }
            for span in spans {
                for minute in stride(from: span.lowerBound, through: span.upperBound, by: 5) {
                    guard Int.random(in: 0..<6, using: &random) > 0 else { continue }
                    let open = Double(Int.random(in: 90...110, using: &random))
                    bars.append(
                        Bar(
                            time: IndianTime.timestamp(day, ClockTime(secondsAfterMidnight: minute * 60)), open: open,
                            high: open + 2, low: open - 2, close: open + 1,
                            volume: Double(Int.random(in: 1...99, using: &random)), isFinal: true))
                }
            }
        }
        return bars
    }

    @Test(
        "any range of months with special days gives the bars of one request for all",
        arguments: ["10m", "25m", "1h", "4h", "1d", "3d", "1w", "1M"])
    func surprises(interval: String) async throws {
        let parts = try surprisingBars()
        let end = try #require(parts.last).time.advanced(bySeconds: 40 * 86_400)
        let history = ResampledHistory(FixedParts(bars: parts, gaps: []), keeping: [.fiveMinutes]) { end }
        let symbol = Symbol(exchange: "NSE", ticker: "SHARE")
        let start = try #require(parts.first).time
        let all = TimeRange(from: start.advanced(bySeconds: -90 * 86_400), to: end)
        var request = BarRequest(symbol: symbol, interval: try Interval(interval), span: .range(all))
        let whole = try await history.bars(request).bars
        #expect(whole.compactMap(\.volume).reduce(0, +) == parts.compactMap(\.volume).reduce(0, +))
        #expect(whole.first?.open == parts.first?.open && whole.last?.close == parts.last?.close)
        #expect(whole.map(\.high).max() == parts.map(\.high).max())
        var random = SeededGenerator(seed: 22)
        let lengths: [Int64] = [1, 600, 86_400, 9 * 86_400]
        for _ in 0..<60 {
            let from = start.advanced(bySeconds: Int64.random(in: -86_400..<100 * 86_400, using: &random))
            let length = lengths[Int.random(in: 0..<lengths.count, using: &random)]
            let range = TimeRange(from: from, to: from.advanced(bySeconds: length))
            request.span = .range(range)
            #expect(try await history.bars(request).bars == whole.filter { range.contains($0.time) }, "\(range)")
        }
        for bar in whole where whole.count < 200 || Int.random(in: 0..<20, using: &random) == 0 {
            request.span = .range(TimeRange(from: bar.time, to: bar.time.advanced(bySeconds: 1)))
            #expect(try await history.bars(request).bars == [bar])
        }
    }

    /// A source that has these bars and no others.
    private struct FixedParts: BarHistoryProvider {
        let bars: [Bar]
        let gaps: [Gap]

        func bars(_ request: BarRequest) async throws -> BarSeries {
            guard case .range(let range) = request.span else { throw MarketDataError(.notSupported, "ranges only") }
            return BarSeries(
                request: request, bars: bars.filter { range.contains($0.time) }, gaps: gaps,
                provenance: Provenance(source: .tradingview, feed: nil, mode: .delayed, delaySeconds: 0, asOf: range.to)
            )
        }
    }
}
