import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Pains about adjustments and rolls", .serialized, .timeLimit(.minutes(1)))
struct TermsPains {
    private static let splitting = Symbol(exchange: "NSE", ticker: "SPLITCO")
    private static let future = Symbol(exchange: "NSE", ticker: "RELIANCE1!")

    private static var upstream: SimulatorConfiguration {
        SimulatorConfiguration(scenario: .exchangeHours) { Simulated.moment }
    }

    private func daily(_ symbol: Symbol, _ count: Int, _ adjust: (inout BarRequest) -> Void) -> BarRequest {
        var request = BarRequest.newest(count, of: symbol, .oneDay)
        adjust(&request)
        return request
    }

    @Test("pain 8: as traded, for splits and for dividends are three series, each as the market has it")
    func adjustments() async throws {
        try await Simulated.withBoth(of: Self.upstream) { client, simulator in
            var firsts: [Adjustment: Double] = [:]
            for adjustment in Adjustment.allCases {
                let request = daily(Self.splitting, 150) { $0.adjustment = adjustment }
                let truth = try simulator.market.bars(request, at: Simulated.moment).bars
                let series = try await client.bars(request)
                #expect(series.bars == truth)
                #expect(series.request.adjustment == adjustment)
                firsts[adjustment] = series.bars.first?.close
            }
            let (splits, dividends, none) = (firsts[.splits] ?? 0, firsts[.dividends] ?? 0, firsts[.none] ?? 0)
            #expect(splits > 0 && abs(none / splits - 2) < 0.01)
            #expect(abs(dividends / splits - 0.98) < 0.01)
        }
    }

    @Test("pain 8: a split shows in bars that two responses share, whose past has changed")
    func splitNow() async throws {
        try await Simulated.withBoth(of: Self.upstream) { client, simulator in
            let request = daily(Symbol(exchange: "NSE", ticker: "TCS"), 10) { _ in }
            let before = try await client.bars(request).bars
            simulator.split(request.symbol, ratio: 5)
            let after = try await client.bars(request).bars
            #expect(after.map(\.time) == before.map(\.time))
            #expect(after == (try simulator.market.bars(request, at: Simulated.moment).bars))
            for (before, after) in zip(before, after) { #expect(abs(after.close * 5 - before.close) < 0.13) }
        }
    }

    @Test("pain 9: a continuous future jumps at its rolls, back-adjusted it does not, and the rolls are reported")
    func rolls() async throws {
        try await Simulated.withBoth(of: Self.upstream) { client, simulator in
            let plain = daily(Self.future, 60) { _ in }
            let adjusted = daily(Self.future, 60) { $0.backAdjusted = true }
            let traded = try await client.bars(plain)
            let smooth = try await client.bars(adjusted)
            let truth = try simulator.market.bars(plain, at: Simulated.moment)
            #expect(traded.bars == truth.bars)
            #expect(smooth.bars == (try simulator.market.bars(adjusted, at: Simulated.moment).bars))
            let rolls = try #require(truth.rolls)
            #expect(rolls.count >= 2)
            #expect(traded.rolls?.map(\.time) == rolls.map(\.time))
            // What levelling takes away is the same from one roll to the next, and changes at each.
            let lifted = zip(traded.bars, smooth.bars).map {
                (time: $0.time, by: (($1.close - $0.close) * 20).rounded())
            }
            for (before, day) in zip(lifted, lifted.dropFirst()) {
                #expect((before.by != day.by) == rolls.contains { $0.time == day.time })
            }
        }
    }
}
