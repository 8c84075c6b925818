import Foundation
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

    @Test("300 quotes and 50 series on one connection miss and double nothing, with sessions within budget")
    func soak() async throws {
        var settings = SimulatorConfiguration(scenario: .paidPlan)
        settings.seed = 9
        settings.heartbeatSeconds = 4
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
            #expect(activity.heartbeatsEchoed > 0 || LiveSoakTests.seconds < 11)
            try check(log.quotes, market)
            try check(log.bars, market)
            LiveSoakTests.say(log, activity)
        }
    }

    /// Prints the results of the long soak.
    private static func say(_ log: SoakLog, _ activity: SimulatorActivity) {
        let quotes = log.quotes.values.reduce(0) { $0 + $1.count }
        let bars = log.bars.values.reduce(0) { $0 + $1.count }
        let charts = activity.calls["chart_create_session", default: 0]
        let boards = activity.calls["quote_create_session", default: 0]
        print(
            "soak: \(seconds) s, \(quotes) quotes of \(log.quotes.count) symbols, \(bars) states of bars of",
            "\(log.bars.count) series; \(activity.connectionsMade) connection, \(charts) chart and \(boards) quote",
            "sessions, \(activity.heartbeatsEchoed) heartbeats echoed")
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

    /// Every symbol was quoted, time never ran back, no quote came twice in a row, and each price is one that the market
    /// had at its time.
    private func check(_ quotes: [Symbol: [Quote]], _ market: MockMarket) throws {
        #expect(quotes.count == LiveSoakTests.quoted.count)
        for (symbol, quotes) in quotes {
            #expect(quotes.count >= LiveSoakTests.seconds / 2, "\(symbol): \(quotes.count) quotes")
            let times = quotes.compactMap(\.lastTime)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }, "\(symbol)")
            let isDoubled = zip(quotes, quotes.dropFirst()).contains { $0 == $1 }
            #expect(!isDoubled, "\(symbol)")
            let (first, last) = (try #require(times.first), try #require(times.last))
            let whole = TimeRange(from: first.advanced(bySeconds: -10), to: last.advanced(bySeconds: 10))
            let bars = try market.bars(of: symbol, interval: try Interval("5s"), within: whole, at: whole.to)
            let byTime = Dictionary(bars.map { ($0.time.seconds, $0) }) { $1 }
            let strangers = quotes.filter { quote in
                guard let time = quote.lastTime, let price = quote.last else { return true }
                let opens = time.seconds / 5 * 5
                return ![opens - 5, opens].contains { byTime[$0].map { ($0.low...$0.high).contains(price) } ?? false }
            }
            #expect(strangers.isEmpty, "\(symbol): \(strangers.count) of \(quotes.count) prices are not the market's")
        }
    }

    /// The final bars of each series are the market's own, one after another, each final once.
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
