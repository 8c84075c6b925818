import Foundation
import MarketData
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("History over a socket")
struct HistoryOverSocketTests {
    private func request(_ symbol: Symbol = .nifty, _ interval: Interval = .fiveMinutes, count: Int) -> BarRequest {
        BarRequest(symbol: symbol, interval: interval, span: .count(count))
    }

    @Test("bars arrive page by page and equal the market's own", arguments: [12_000, 20_000], PagingIndexes.allCases)
    func pages(count: Int, indexes: PagingIndexes) async throws {
        var upstream = Simulated.stillUpstream
        upstream.pagingIndexes = indexes
        let request = request(count: count)
        let truth = try Simulated.market(upstream).bars(request, at: Simulated.moment)
        let series = try await Simulated.withClient(of: upstream) { try await $0.bars(request) }
        #expect(series.bars.count == count)
        #expect(series.bars == truth.bars)
        #expect(series.isComplete)
        #expect(series.provenance.feed == "NSE:NIFTY")
        #expect(series.provenance.mode == .streaming)
        #expect(series.instrument?.hasVolume == truth.instrument?.hasVolume)
    }

    @Test("only the last bar of an open market is not final")
    func finality() async throws {
        let series = try await Simulated.withClient { try await $0.bars(request(count: 50)) }
        #expect(series.bars.map(\.isFinal) == Array(repeating: true, count: 49) + [false])
    }

    @Test("a range is paged back to its start and cut at its end")
    func range() async throws {
        let from = Simulated.moment.advanced(bySeconds: -40 * 86_400)
        let to = Simulated.moment.advanced(bySeconds: -20 * 86_400)
        let request = BarRequest(
            symbol: .nifty, interval: .fiveMinutes, span: .range(TimeRange(from: from, to: to)))
        let truth = try Simulated.market(Simulated.stillUpstream).bars(request, at: Simulated.moment)
        let series = try await Simulated.withClient { try await $0.bars(request) }
        #expect(series.bars == truth.bars)
        #expect(!series.bars.isEmpty)
        #expect(series.shortfall == nil)
    }

    @Test("the end of the plan's window is reported with the existing bars")
    func planLimit() async throws {
        var upstream = Simulated.stillUpstream
        upstream.windowBars = 700
        let series = try await Simulated.withClient(of: upstream, { $0.pageSize = 300 }) {
            try await $0.bars(request(count: 1000))
        }
        #expect(series.bars.count == 700)
        #expect(series.shortfall == .planLimit)
        #expect(!series.isComplete)
    }

    @Test("an unknown symbol is an error at once, with suggestions")
    func unknownSymbol() async throws {
        let clock = ContinuousClock()
        try await Simulated.withClient { client in
            let start = clock.now
            let error = await marketError {
                try await client.bars(request(Symbol(exchange: "NSE", ticker: "NIFTYY"), count: 10))
            }
            #expect(error?.code == .symbolNotFound)
            #expect(clock.now - start < Simulated.atOnce)
        }
    }

    @Test("an upstream that is down is an error at once")
    func refused() async throws {
        let clock = ContinuousClock()
        let port = try await UpstreamSimulator.withRunning { _, port in port }
        let client = TradingViewClient(configuration: Simulated.client(ofPort: port))
        try await Simulated.withRunning(client) { client in
            let start = clock.now
            let error = await marketError { try await client.bars(request(count: 10)) }
            #expect(error?.code == .upstreamUnavailable)
            #expect(clock.now - start < Simulated.atOnce)
        }
    }

    @Test("a client that is not run fails and says what to do")
    func notRunning() async throws {
        var configuration = Simulated.client(ofPort: 1)
        configuration.deadlines.connect = .milliseconds(100)
        configuration.deadlines.progress = .milliseconds(100)
        let client = TradingViewClient(configuration: configuration)
        let error = await marketError { try await client.bars(request(count: 10)) }
        #expect(error?.code == .upstreamUnavailable)
        #expect(error?.message.contains("run()") == true)
    }

    @Test("NASDAQ:AAPL served by Cboe's feed says so")
    func feed() async throws {
        let apple = Symbol(exchange: "NASDAQ", ticker: "AAPL")
        let series = try await Simulated.withClient { try await $0.bars(request(apple, .oneDay, count: 5)) }
        #expect(series.provenance.feed == "BATS:AAPL")
        #expect(series.instrument?.symbol == apple)
    }

    @Test("delayed bars are never called live")
    func delayed() async throws {
        let upstream = SimulatorConfiguration(scenario: .delayed) { Simulated.moment }
        let series = try await Simulated.withClient(of: upstream) { try await $0.bars(request(count: 5)) }
        #expect(series.provenance.mode == .delayed)
        #expect(series.provenance.delaySeconds == 900)
        #expect(series.bars.last?.isFinal == false)
    }

    @Test("bars of seconds without the plan are not entitled, with the name of the plan")
    func seconds() async throws {
        let upstream = SimulatorConfiguration(scenario: .freePlan) { Simulated.moment }
        try await Simulated.withClient(of: upstream) { client in
            let error = await marketError { try await client.bars(request(.nifty, .oneSecond, count: 5)) }
            #expect(error?.code == .notEntitled)
            #expect(error?.message.contains("Premium") == true)
        }
    }

    @Test("an interval that TradingView does not keep is rejected before it is requested")
    func unsupportedInterval() async throws {
        let interval = try Interval("7m")
        try await Simulated.withClient { client in
            let error = await marketError { try await client.bars(request(.nifty, interval, count: 5)) }
            #expect(error?.code == .notSupported)
        }
    }

    @Test("concurrent requests on one connection each get their own response")
    func parallel() async throws {
        let market = Simulated.market(Simulated.stillUpstream)
        let intervals = try ["1m", "3m", "5m", "15m", "30m", "1h", "1d"].map { try Interval($0) }
        try await Simulated.withClient { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for interval in intervals {
                    for symbol in [Symbol.nifty, .bankNifty] {
                        group.addTask {
                            let request = BarRequest(symbol: symbol, interval: interval, span: .count(100))
                            let series = try await client.bars(request)
                            let truth = try market.bars(request, at: Simulated.moment)
                            #expect(series.bars == truth.bars, "\(symbol) \(interval)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(await client.status().reconnects == 0)
        }
    }

    @Test("the connection is replaced before its sessions are used up, without a failed request")
    func recycling() async throws {
        var upstream = Simulated.stillUpstream
        upstream.sessionsPerConnection = 4
        try await Simulated.withClient(of: upstream, { $0.sessionsPerConnection = 3 }) { client in
            for _ in 0..<10 {
                let count = try await client.bars(request(count: 3)).bars.count
                #expect(count == 3)
            }
            #expect(await client.status().reconnects == 3)
        }
    }

    @Test("a server that allows fewer sessions than expected fails one request, and the next gets a new connection")
    func sessionRate() async throws {
        var upstream = Simulated.stillUpstream
        upstream.sessionsPerConnection = 2
        try await Simulated.withClient(of: upstream) { client in
            for _ in 0..<2 {
                let count = try await client.bars(request(count: 3)).bars.count
                #expect(count == 3)
            }
            let error = await marketError { try await client.bars(request(count: 3)) }
            #expect(error?.code == .throttled)
            let count = try await client.bars(request(count: 3)).bars.count
            #expect(count == 3)
        }
    }
}
