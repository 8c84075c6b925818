import MarketData
import MarketHub
import TestSupport
import Testing
import TradingView

@testable import BhavApp

@Suite("A stream of bars while the source is unavailable", .timeLimit(.minutes(2)))
struct StoredStreamTests {
    @Test("it begins with the stored bars as a request gets them, and the source's replace them when it is back")
    func away() async throws {
        var settings = LiveServer.Settings()
        settings.deadlines.connect = .seconds(1)
        try await LiveServer.with(settings) { server in
            let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(300))
            let before = try await server.hub.bars(request)
            #expect(before.provenance.source == .tradingview)
            server.proxy.refuse(true)
            await server.proxy.cut()
            var events = try await server.hub.liveBars(request).makeAsyncIterator()
            let stored = try await Self.snapshot(&events)
            #expect(stored.provenance.source == .store)
            // The newest bar was forming, and is not stored.
            let final = before.bars.filter(\.isFinal)
            #expect(final.count == 299)
            let common = stored.bars.filter { bar in final.contains { $0.time == bar.time } }
            #expect(common.suffix(290) == final.suffix(290))
            // One who comes later begins with them at once, after the reason why they are not live.
            var late = try await server.hub.liveBars(request).makeAsyncIterator()
            guard case .status(let status) = try await late.next() else {
                Issue.record("no status comes first")
                return
            }
            #expect(status.subscription?.state == .backingOff)
            #expect(try await Self.snapshot(&late).bars == stored.bars)
            server.proxy.refuse(false)
            let live = try await Self.snapshot(&events)
            #expect(live.provenance.source == .tradingview)
            #expect(try await Self.snapshot(&late).bars.last?.time == live.bars.last?.time)
        }
    }

    private static func snapshot(_ events: inout Feed<BarEvent>.AsyncIterator) async throws -> BarSeries {
        while let event = try await events.next() {
            if case .snapshot(let series) = event { return series }
        }
        throw MarketDataError(.upstreamUnavailable, "the feed ended")
    }
}
