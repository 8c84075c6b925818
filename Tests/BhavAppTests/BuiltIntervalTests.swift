import Logging
import MarketData
import MarketHistory
import MarketHub
import MockMarket
import TestSupport
import Testing
import TradingView
import UpstreamSimulator

@Suite("Intervals built from finer bars over a socket", .serialized, .timeLimit(.minutes(2)))
struct BuiltIntervalTests {
    /// A Wednesday.
    private static let moment = Timestamp(seconds: 1_795_622_800)
    private static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")

    /// Runs a client of a simulated upstream whose clock runs faster than ours by a factor.
    private func withClient(
        speed: Int64, _ body: @escaping @Sendable (TradingViewClient, UpstreamSimulator) async throws -> Void
    ) async throws {
        let start = ContinuousClock.now
        var upstream = SimulatorConfiguration {
            let passed = Int64((ContinuousClock.now - start) / .milliseconds(1))
            return Timestamp(milliseconds: BuiltIntervalTests.moment.milliseconds + passed * speed)
        }
        upstream.quoteIntervalMilliseconds = 10
        upstream.heartbeatPatienceSeconds = 5 * Int(max(speed, 1))
        try await UpstreamSimulator.withRunning(upstream, logger: .quiet) { simulator, port in
            let address = "127.0.0.1:\(port)"
            let client = TradingViewClient(
                configuration: TradingViewConfiguration(
                    socketURL: "ws://\(address)", webURL: "http://\(address)", searchURL: "http://\(address)",
                    scannerURL: "http://\(address)"),
                logger: .quiet, now: upstream.clock)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                defer { group.cancelAll() }
                try await body(client, simulator)
            }
        }
    }

    @Test(
        "past bars of built intervals equal the simulator's own",
        arguments: ["2m", "4m", "6m", "7m", "10m", "20m", "75m", "90m", "6h", "2d", "3d", "2w", "2M"])
    func history(text: String) async throws {
        let request = BarRequest(symbol: BuiltIntervalTests.nifty, interval: try Interval(text), span: .count(40))
        try await withClient(speed: 0) { client, simulator in
            let source = ResampledHistory(client, keeping: TradingViewClient.intervals) { BuiltIntervalTests.moment }
            let series = try await source.bars(request)
            let truth = try simulator.market.bars(request, at: BuiltIntervalTests.moment)
            #expect(series.bars == truth.bars)
            #expect(series.builtFrom != nil)
        }
    }

    @Test(
        "live bars of built intervals equal the simulator's own, without gaps or duplicates",
        arguments: ["2m", "7m", "10m", "20m", "25m"])
    func live(text: String) async throws {
        let interval = try Interval(text)
        let request = BarRequest(symbol: BuiltIntervalTests.nifty, interval: interval, span: .count(10))
        try await withClient(speed: 400) { client, simulator in
            let source = ResampledLiveFeed(client, keeping: TradingViewClient.intervals) { BuiltIntervalTests.moment }
            var final: [Bar] = []
            for try await event in try await source.liveBars(request) {
                switch event {
                case .snapshot(let series):
                    #expect(series.bars.count == 10)
                    #expect(series.builtFrom != nil)
                    final += series.bars.filter(\.isFinal)
                case .bar(let bar): if bar.isFinal { final.append(bar) }
                default: Issue.record("\(event)")
                }
                if final.count >= 14 { break }
            }
            let (first, last) = (try #require(final.first), try #require(final.last))
            let length = try #require(interval.seconds)
            let truth = try simulator.market.bars(
                of: request.symbol, interval: interval,
                within: TimeRange(from: first.time, to: last.time.advanced(bySeconds: 1)),
                at: last.time.advanced(bySeconds: length * 3))
            #expect(final == truth)
        }
    }
}
