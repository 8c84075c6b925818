import Logging
import MarketData
import MockMarket
import TestSupport
import Testing

@testable import MarketHub

@Suite("One-shot quotes")
struct OneShotQuotesTests {
    @Test("an unknown symbol fails at once and does not delay the others")
    func unknown() async throws {
        let mock = MockMarket(clock: { Timestamp(seconds: 1_795_152_600) })
        let hub = MarketHub(
            history: [mock], openInterest: [mock], live: [mock], search: [mock],
            logger: .quiet,
            clock: { Timestamp(seconds: 1_795_152_600) })
        let began = ContinuousClock.now
        let response = await hub.quotes(of: [.nifty, .nowhere, .bankNifty], within: .seconds(30))
        #expect(response.quotes.map(\.symbol) == [.nifty, .bankNifty])
        #expect(response.quotes.allSatisfy { $0.last != nil && $0.provenance.mode == .simulated })
        #expect(response.failures.map(\.symbol) == [.nowhere])
        #expect(response.failures.first?.error.code == .symbolNotFound)
        #expect(ContinuousClock.now - began < .seconds(20))
        try await waitUntil("nothing stays open") { hub.subscriptions.isEmpty }
    }

    @Test("a quote missing at the deadline is a timeout, and the others are returned")
    func deadline() async throws {
        let source = ScriptedSource(.tradingview)
        let hub = MarketHub.over(source)
        async let response = hub.quotes(of: [.nifty, .bankNifty], within: .milliseconds(300))
        try await waitUntil("the upstream feeds are open") { source.openQuoteFeeds == 2 }
        source.say(.quote(.of(.nifty, last: 5)))
        let (quotes, failures) = (await response.quotes, await response.failures)
        #expect(quotes == [.of(.nifty, last: 5)])
        #expect(failures.map(\.error.code) == [.upstreamTimeout])
    }

    @Test("a quote without a last price is waited for")
    func partial() async throws {
        let source = ScriptedSource(.tradingview)
        let hub = MarketHub.over(source)
        async let response = hub.quotes(of: [.nifty], within: .seconds(10))
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(.quote(.of(.nifty, last: nil)))
        source.say(.quote(.of(.nifty, last: 6)))
        #expect(await response.quotes == [.of(.nifty, last: 6)])
    }

    @Test("a source that is down fails all of them at once")
    func down() async throws {
        let down = MarketDataError(.upstreamUnavailable, "is down", source: .tradingview)
        let response = await MarketHub.over(ScriptedSource(.tradingview, failing: down))
            .quotes(of: [.nifty, .bankNifty, .nifty], within: .seconds(30))
        #expect(response.failures.map(\.error) == [down, down])
    }
}
