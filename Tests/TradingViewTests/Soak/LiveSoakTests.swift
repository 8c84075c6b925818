import Foundation
import Logging
import MarketData
import MockMarket
import Testing
import TradingView
import UpstreamSimulator

/// Hundreds of live instruments on one connection. `BHAV_SOAK_SECONDS=300` makes it the long run.
@Suite("Live soak", .serialized)
struct LiveSoakTests {
    private static let seconds = ProcessInfo.processInfo.environment["BHAV_SOAK_SECONDS"].flatMap(Int.init) ?? 12
    private static let quoted = (1...300).map {
        Symbol(exchange: "NSE", ticker: "MOCK" + String(1000 + $0).dropFirst())
    }
    private static let charted = Array(quoted.prefix(50))

    @Test("300 quotes and 50 series on one connection: nothing missed, nothing doubled, sessions within budget")
    func soak() async throws {
        var settings = SimulatorConfiguration(scenario: .paidPlan)
        settings.seed = 9
        let market = MockMarket(seed: 9)
        try await UpstreamSimulator.withRunning(settings) { simulator, port in
            var configuration = TradingViewConfiguration(socketURL: "ws://127.0.0.1:\(port)")
            configuration.searchURL = "http://127.0.0.1:\(port)"
            let client = TradingViewClient(configuration: configuration)
            let log = SoakLog()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                group.addTask { try await follow(client, log) }
                try await Task.sleep(for: .seconds(LiveSoakTests.seconds))
                group.cancelAll()
            }
            let activity = simulator.activity
            #expect(activity.connectionsMade == 1)
            #expect(activity.calls["chart_create_session"] == LiveSoakTests.charted.count)
            #expect(activity.calls["quote_create_session", default: 0] <= 6)
            #expect(activity.heartbeatsAnswered > 0 || LiveSoakTests.seconds < 11)
            try check(log.quotes, market)
            try check(log.bars, market)
        }
    }

    private func follow(_ client: TradingViewClient, _ log: SoakLog) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for try await event in try await client.liveQuotes(of: LiveSoakTests.quoted) { log.add(event) }
            }
            for symbol in LiveSoakTests.charted {
                group.addTask {
                    let request = BarRequest(symbol: symbol, interval: try Interval("5s"), span: .count(10))
                    for try await event in try await client.liveBars(request) { log.add(event, of: symbol) }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Every symbol was quoted, time never ran back, and each price lies within the market's own bar of its second.
    private func check(_ quotes: [Symbol: [Quote]], _ market: MockMarket) throws {
        #expect(quotes.count == LiveSoakTests.quoted.count)
        for (symbol, quotes) in quotes {
            #expect(quotes.count >= LiveSoakTests.seconds / 2, "\(symbol): \(quotes.count) quotes")
            let times = quotes.compactMap(\.lastTime)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "\(symbol)")
            let last = try #require(quotes.last)
            let time = try #require(last.lastTime)
            let around = TimeRange(from: time.advanced(bySeconds: -10), to: time.advanced(bySeconds: 10))
            let bars = try market.bars(of: symbol, interval: try Interval("5s"), within: around, at: around.to)
            let price = try #require(last.last)
            let low = try #require(bars.map(\.low).min())
            let high = try #require(bars.map(\.high).max())
            #expect((low...high).contains(price), "\(symbol): \(price) outside \(low)...\(high)")
        }
    }

    /// The final bars of each series are the market's own, one after another, each told as final once.
    private func check(_ bars: [Symbol: [Bar]], _ market: MockMarket) throws {
        #expect(bars.count == LiveSoakTests.charted.count)
        for (symbol, bars) in bars {
            let final = bars.filter(\.isFinal)
            let first = try #require(final.first, "\(symbol) had no final bar")
            let last = try #require(final.last)
            let own = try market.bars(
                of: symbol, interval: try Interval("5s"),
                within: TimeRange(from: first.time, to: last.time.advanced(bySeconds: 5)),
                at: last.time.advanced(bySeconds: 60))
            #expect(final == own, "\(symbol): \(final.count) final bars, the market has \(own.count)")
        }
    }
}
