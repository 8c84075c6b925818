import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("An unavailable live source")
struct OutageTests {
    private let source = ScriptedSource(.tradingview)
    private let broken = SourceStatus(
        source: .tradingview, state: .reconnecting, since: Timestamp(seconds: 1500), reason: "the line was cut")
    private let back = SourceStatus(source: .tradingview, state: .connected, since: Timestamp(seconds: 1600))

    /// A hub whose only reader of the Nifty's quotes has had one, and then the bad news.
    private func cutHub() async throws -> (MarketHub, Feed<QuoteEvent>.AsyncIterator) {
        let hub = MarketHub.over(source)
        var early = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(.quote(.of(.nifty, last: 5)))
        source.say(QuoteEvent.status(broken))
        _ = try await early.next()
        #expect(try await early.next() == .status(broken))
        return (hub, early)
    }

    @Test("a one-shot quote is an error at once with the reason, and no old price")
    func oneShot() async throws {
        let (hub, early) = try await cutHub()
        let response = await hub.quotes(of: [.nifty], within: .seconds(30))
        #expect(response.quotes.isEmpty)
        #expect(response.failures.map(\.error.code) == [.upstreamUnavailable])
        #expect(response.failures.first?.error.message.contains("the line was cut") == true)
        #expect(response.outages == [broken])
        withExtendedLifetime(early) {}
    }

    @Test("a late reader of quotes gets the status first, and a quote once the source resumes")
    func lateQuotes() async throws {
        let (hub, early) = try await cutHub()
        var late = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        #expect(try await late.next() == .status(broken))
        source.say(QuoteEvent.status(back))
        source.say(.quote(.of(.nifty, last: 6)))
        #expect(try await late.next() == .status(back))
        #expect(try await late.next() == .quote(.of(.nifty, last: 6)))
        #expect(await hub.quotes(of: [.nifty], within: .seconds(30)).quotes == [.of(.nifty, last: 6)])
        withExtendedLifetime(early) {}
    }

    @Test("a source that is down at the first request is the reason for missing quotes")
    func firstRequested() async throws {
        let hub = MarketHub.over(source)
        async let response = hub.quotes(of: [.nifty], within: .milliseconds(300))
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(QuoteEvent.status(broken))
        let failures = await response.failures
        #expect(failures.map(\.error.code) == [.upstreamUnavailable])
    }

    @Test("a source that is connecting for the first time is waited for")
    func connecting() async throws {
        let hub = MarketHub.over(source)
        let reader = try await hub.liveQuotes(of: [.nifty])
        var statuses = reader.makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(
            QuoteEvent.status(
                SourceStatus(source: .tradingview, state: .connecting, since: Timestamp(seconds: 1500))))
        _ = try await statuses.next()
        async let response = hub.quotes(of: [.nifty], within: .seconds(30))
        try await waitUntil("the request joins") { hub.subscriptions.first?.readers == 2 }
        source.say(.quote(.of(.nifty, last: 6)))
        #expect(await response.quotes == [.of(.nifty, last: 6)])
    }

    @Test("a late reader of bars gets the status before the snapshot with its open gap")
    func lateBars() async throws {
        let hub = MarketHub.over(source)
        var early = try await hub.liveBars(.minutes(3)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        let gap = TimeRange(from: Timestamp(seconds: 240), to: Timestamp(seconds: 300))
        source.say(.snapshot(.minutes(1...5)))
        source.say(BarEvent.status(broken))
        source.say(.gap(gap))
        for _ in 0..<3 { _ = try await early.next() }
        #expect(hub.sources.first?.status.state == .reconnecting)
        var late = try await hub.liveBars(.minutes(3)).makeAsyncIterator()
        #expect(try await late.next() == .status(broken))
        guard case .snapshot(let series) = try await late.next() else {
            Issue.record("the status is not followed by a snapshot")
            return
        }
        #expect(series.gaps.map(\.range) == [gap])
        #expect(!series.isComplete)
    }
}
