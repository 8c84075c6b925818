import MarketData
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Pains about substituted feeds", .serialized, .timeLimit(.minutes(1)))
struct FeedPains {
    @Test("pain 3: a search through the scanner says so, also from the cache")
    func note() async throws {
        var upstream = Simulated.stillUpstream
        upstream.faults = [.htmlInstead]
        upstream.faultLimit = 1
        try await Simulated.withBoth(of: upstream) { client, simulator in
            var pages: [Int?] = []
            for _ in 0..<2 {
                let found = try await client.matches(SymbolQuery(text: "banknifty", limit: 10))
                #expect(found.instruments.first?.symbol == .bankNifty)
                #expect(found.note?.contains("scanner") == true)
                pages.append(simulator.activity.requests["/global/scan"])
            }
            #expect(pages[0] == pages[1] && pages[0] ?? 0 > 0)
            let usual = try await client.matches(SymbolQuery(text: "reliance", limit: 10))
            #expect(usual.note == nil && !usual.instruments.isEmpty)
        }
    }

    @Test("pain 14: studies have a budget; beyond it bars come without the dates of rolls")
    func studies() async throws {
        let upstream = SimulatorConfiguration(scenario: .exchangeHours) { Simulated.moment }
        let request = BarRequest.newest(60, of: Symbol(exchange: "NSE", ticker: "RELIANCE1!"), .oneDay)
        try await Simulated.withBoth(of: upstream, { $0.studiesPerConnection = 1 }) { client, simulator in
            let first = try await client.bars(request)
            let second = try await client.bars(request)
            #expect(first.rolls?.isEmpty == false)
            #expect(second.rolls == nil)
            #expect(second.bars == first.bars && second.bars.count == 60)
            #expect(simulator.activity.calls["create_study"] == 1)
            #expect(simulator.activity.connectionsMade == 1)
        }
    }

    @Test(
        "pain 22: where a feed is dead, the error names a free one of the same pair, within the deadline",
        arguments: [Symbol.of(.deadFeed), Symbol(exchange: "FXCM", ticker: "USDINR")])
    func twin(of symbol: Symbol) async throws {
        let limits: (inout TradingViewConfiguration) -> Void = {
            $0.deadlines.progress = .seconds(2)
            $0.deadlines.suggestions = .milliseconds(700)
        }
        try await Simulated.withClient(of: Simulated.stillUpstream, limits) { client in
            let error = try await within(.milliseconds(2500)) {
                await marketError { try await client.bars(.newest(10, of: symbol)) }
            }
            #expect(error?.code == .upstreamTimeout)
            let proposal = try #require(error?.suggestions.first)
            #expect(error?.message.contains("\(proposal) is a free feed") == true)
            // What is proposed has bars.
            let series = try await client.bars(.newest(10, of: try Symbol(proposal)))
            #expect(series.bars.count == 10)
        }
    }
}
