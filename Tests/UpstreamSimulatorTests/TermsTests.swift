import JSON
import MarketData
import MockMarket
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Prices and adjustments of the simulated TradingView")
struct TermsTests {
    private static let clock: @Sendable () -> Timestamp = { CoreClient.start }

    private func client() throws -> CoreClient {
        try CoreClient(SimulatorConfiguration(scenario: .exchangeHours, clock: Self.clock))
    }

    private func daily(_ specification: SymbolSpecification, count: Int = 60) throws -> [SeriesBar] {
        var client = try client()
        return client.history(specification.text, "1D", count: count).bars()
    }

    private static let splitting = "NSE:SPLITCO"

    @Test("as traded, for splits and for dividends a share's past differs as it should")
    func adjustments() throws {
        let splits = try daily(SymbolSpecification(Self.splitting, adjustment: .splits), count: 150)
        let none = try daily(SymbolSpecification(Self.splitting, adjustment: Adjustment.none), count: 150)
        let dividends = try daily(SymbolSpecification(Self.splitting, adjustment: .dividends), count: 150)
        #expect(try daily(SymbolSpecification(Self.splitting), count: 150).map(\.close) == splits.map(\.close))
        let first = try #require(splits.first)
        #expect(abs((none.first?.close ?? 0) - 2 * first.close) < 0.051)
        #expect(abs((dividends.first?.close ?? 0) - 0.98 * first.close) < 0.051)
        #expect(splits.last?.close == none.last?.close && splits.last?.close == dividends.last?.close)
    }

    @Test("a split that happens now changes the past that is requested after it")
    func splitNow() throws {
        var client = try client()
        let before = client.history("NSE:TCS", "1D", count: 10).bars()
        client.connection.simulation.split(Symbol(exchange: "NSE", ticker: "TCS"), ratio: 2)
        client.send(.chartDeleteSession(CoreClient.chart))
        let after = client.history("NSE:TCS", "1D", count: 10).bars()
        #expect(before.map(\.time) == after.map(\.time))
        for (before, after) in zip(before, after) { #expect(abs(after.close * 2 - before.close) < 0.051) }
    }

    @Test("a continuous future is back-adjusted where requested, and its study lists the rolls")
    func rolls() throws {
        let traded = try daily(SymbolSpecification("NSE:NIFTY1!"))
        let adjusted = try daily(SymbolSpecification("NSE:NIFTY1!", backAdjusted: true))
        #expect(traded.last?.close == adjusted.last?.close)
        #expect(traded.first?.close != adjusted.first?.close)
        var client = try client()
        _ = client.history("NSE:NIFTY1!", "1D", count: 60)
        client.send(
            .createStudy(
                CoreClient.chart, study: "st", turnaround: "st1", series: "s1",
                type: "BarSetContinuousRollDates@tv-corestudies-35", inputs: ["currenttime": "now"]))
        let events = client.events()
        #expect(events.contains { if case .studyCompleted = $0 { true } else { false } })
        let rows = events.compactMap { event -> [Double]? in
            guard case .dataUpdate(let update) = event else { return nil }
            return update.block("st")?.study?.rows.compactMap { $0.values.first.flatMap { $0 } }
        }.flatMap { $0 }
        let market = client.connection.simulation.market
        let instrument = try #require(market.instrument(named: "NSE:NIFTY1!"))
        let first = try #require(traded.first)
        let truth = market.rolls(of: instrument, from: first.time, to: CoreClient.start)
        #expect(truth.count >= 2)
        #expect(rows == truth.map { Double($0.time.seconds) })
    }

    @Test("prices come in the requested currency, which the response names; one without a rate is ignored")
    func currency() throws {
        let rupees = try daily(SymbolSpecification("NSE:NIFTY"), count: 5)
        var client = try client()
        let events = client.history(SymbolSpecification("NSE:NIFTY", currency: "USD").text, "1D", count: 5)
        let rate = try client.connection.simulation.market.market.rate(from: "INR", to: "USD")
        for (rupee, dollar) in zip(rupees, events.bars()) {
            #expect(abs(dollar.close - rupee.close * rate) < 0.0001)
        }
        func currency(_ events: [ServerEvent]) -> String? {
            for case .symbolResolved(_, _, let symbol) in events { return symbol.currencyCode }
            return nil
        }
        #expect(currency(events) == "USD")
        var other = try self.client()
        let unknown = other.history(SymbolSpecification("NSE:NIFTY", currency: "XAU").text, "1D", count: 5)
        #expect(currency(unknown) == "INR")
        #expect(unknown.bars().map(\.close) == rupees.map(\.close))
    }

    @Test("bars of a future have open interest as their seventh value, and those of an index do not")
    func openInterest() throws {
        #expect(try daily(SymbolSpecification("NSE:NIFTY1!"), count: 3).allSatisfy { ($0.openInterest ?? 0) > 0 })
        #expect(try daily(SymbolSpecification("NSE:NIFTY"), count: 3).allSatisfy { $0.openInterest == nil })
    }
}
