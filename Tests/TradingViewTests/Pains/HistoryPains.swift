import Foundation
import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import TradingViewProtocol
import UpstreamSimulator

@Suite("Pains about past bars", .serialized, .timeLimit(.minutes(1)))
struct HistoryPains {
    /// An upstream that sends two hundred bars at a time.
    private var smallPages: SimulatorConfiguration {
        var upstream = Simulated.stillUpstream
        upstream.pageBars = 200
        return upstream
    }

    private func truth(_ request: BarRequest) throws -> [Bar] {
        try Simulated.market(Simulated.stillUpstream).bars(request, at: Simulated.moment).bars
    }

    @Test("pain 4: more bars than one response holds are fetched page by page", arguments: PagingIndexes.allCases)
    func paging(indexes: PagingIndexes) async throws {
        var upstream = smallPages
        upstream.pagingIndexes = indexes
        let expected = try truth(.newest(1100))
        try await Simulated.withBoth(of: upstream, { $0.pageSize = 200 }) { client, simulator in
            let series = try await client.bars(.newest(1100))
            #expect(series.bars == expected)
            #expect(series.isComplete)
            #expect(simulator.activity.calls["request_more_data"] == 5)
        }
    }

    @Test("pain 4: at the end of the plan's window the existing bars are returned with that reason")
    func planWindow() async throws {
        var upstream = smallPages
        upstream.windowBars = 500
        let series = try await Simulated.withClient(of: upstream, { $0.pageSize = 200 }) {
            try await $0.bars(.newest(1000))
        }
        #expect(series.bars.count == 500)
        #expect(series.shortfall == .planLimit)
        #expect(!series.isComplete)
    }

    @Test("pain 5: a range returns its bars and no others, however many pages back it lies")
    func range() async throws {
        let span = TimeRange(
            from: Simulated.moment.advanced(bySeconds: -4 * 86_400),
            to: Simulated.moment.advanced(bySeconds: -3 * 86_400))
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(span))
        let expected = try truth(request)
        let series = try await Simulated.withClient(of: smallPages, { $0.pageSize = 200 }) {
            try await $0.bars(request)
        }
        #expect(series.bars == expected)
        #expect(series.bars.count == 288)
        #expect(series.isComplete)
    }

    @Test("pain 5: a range beyond the window says so")
    func rangeBeyondWindow() async throws {
        var upstream = smallPages
        upstream.windowBars = 300
        let span = TimeRange(from: Simulated.moment.advanced(bySeconds: -9 * 86_400), to: Simulated.moment)
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(span))
        let series = try await Simulated.withClient(of: upstream, { $0.pageSize = 200 }) { try await $0.bars(request) }
        #expect(series.shortfall == .planLimit)
        #expect(series.bars.count == 300)
    }

    @Test("pain 6: times are instants in UTC, with the exchange's zone beside them")
    func times() async throws {
        // Friday, 20 November 2026, ten in the morning in Mumbai.
        let moment = try Timestamp("2026-11-20T04:30:00Z", zone: nil, dateMeans: .start)
        let upstream = SimulatorConfiguration(scenario: .exchangeHours) { moment }
        let series = try await Simulated.withClient(of: upstream) {
            try await $0.bars(.newest(3, of: .nifty, .oneHour))
        }
        let texts = series.bars.map { "\($0.time)" }
        #expect(texts == ["2026-11-19T08:45:00Z", "2026-11-19T09:45:00Z", "2026-11-20T03:45:00Z"])
        #expect(series.instrument?.timeZone == "Asia/Kolkata")
    }

    @Test("pain 7: daily bars are on the exchange's trading days, and on no holiday")
    func tradingDays() async throws {
        // Guru Nanak's birthday, Tuesday 24 November 2026, is a holiday.
        let moment = try Timestamp("2026-11-26T12:00:00Z", zone: nil, dateMeans: .start)
        let upstream = SimulatorConfiguration(scenario: .exchangeHours) { moment }
        let series = try await Simulated.withClient(of: upstream) { try await $0.bars(.newest(5, of: .nifty, .oneDay)) }
        let days = series.bars.map { IndianTime.date($0.time).description }
        #expect(days == ["2026-11-19", "2026-11-20", "2026-11-23", "2026-11-25", "2026-11-26"])
    }

    @Test("pain 8: the requested adjustment is always sent upstream", arguments: Adjustment.allCases)
    func adjustment(adjustment: Adjustment) async throws {
        let names = #""name":"NIFTY","full_name":"NSE:NIFTY","pro_name":"NSE:NIFTY""#
        try await ScriptedUpstream.withClient(responding: { Script.series($0, names: names, times: [300]) }) {
            client, upstream in
            var request = BarRequest.newest(1)
            request.adjustment = adjustment
            let responded = try await client.bars(request).request.adjustment
            #expect(responded == adjustment)
            let requested = try #require(upstream.texts(of: "resolve_symbol", at: 2).first)
            #expect(SymbolSpecification(text: requested)?.adjustment == adjustment)
        }
    }

    @Test(
        "pain 9: a continuous future is requested back-adjusted, or as it traded",
        arguments: [true, false])
    func backAdjustment(isWanted: Bool) async throws {
        let names = #""name":"NIFTY1!","full_name":"NSE:NIFTY1!","pro_name":"NSE:NIFTY1!""#
        try await ScriptedUpstream.withClient(responding: { Script.series($0, names: names, times: [300]) }) {
            client, upstream in
            var request = BarRequest.newest(1, of: Symbol(exchange: "NSE", ticker: "NIFTY1!"), .oneDay)
            request.backAdjusted = isWanted
            let responded = try await client.bars(request).request.backAdjusted
            #expect(responded == isWanted)
            let requested = try #require(upstream.texts(of: "resolve_symbol", at: 2).first)
            #expect(SymbolSpecification(text: requested)?.backAdjusted == isWanted)
        }
    }

    @Test("pain 20: only the forming bar is not final, and once its time is over none is")
    func finality() async throws {
        let open = try await Simulated.withClient { try await $0.bars(.newest(20)).bars }
        #expect(open.map(\.isFinal) == Array(repeating: true, count: 19) + [false])
        let evening = try Timestamp("2026-11-20T14:00:00Z", zone: nil, dateMeans: .start)
        let upstream = SimulatorConfiguration(scenario: .exchangeHours) { evening }
        let closed = try await Simulated.withClient(of: upstream) { try await $0.bars(.newest(20)).bars }
        #expect(closed.allSatisfy { $0.isFinal })
    }

    @Test("pain 23: where fewer bars exist than requested, the response does not wait for the rest")
    func fewerThanRequested() async throws {
        var upstream = Simulated.stillUpstream
        upstream.windowBars = 50
        try await Simulated.withClient(of: upstream) { client in
            let start = ContinuousClock.now
            let count = try await client.bars(.newest(1000)).bars.count
            #expect(count == 50)
            #expect(ContinuousClock.now - start < .seconds(5))
        }
    }

    @Test("pain 23: repeated bars do not end the response early")
    func repeatedBars() async throws {
        var upstream = smallPages
        upstream.faults = [.repeatBars]
        let expected = try truth(.newest(700))
        let bars = try await Simulated.withClient(of: upstream, { $0.pageSize = 200 }) {
            try await $0.bars(.newest(700)).bars
        }
        #expect(bars == expected)
    }
}
