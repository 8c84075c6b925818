import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Shared live quotes")
struct LiveQuotesTests {
    private let source = ScriptedSource(.tradingview)

    @Test("a hundred readers share one upstream feed, and each gets every quote")
    func shared() async throws {
        let hub = MarketHub.over(source)
        var feeds: [Feed<QuoteEvent>] = []
        for _ in 0..<100 { feeds.append(try await hub.liveQuotes(of: [.nifty])) }
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(.quote(.of(.nifty, last: 5)))
        for feed in feeds {
            var iterator = feed.makeAsyncIterator()
            #expect(try await iterator.next() == .quote(.of(.nifty, last: 5)))
        }
        #expect(source.feedsEver == 1)
        #expect(hub.subscriptions.map(\.readers) == [100])
    }

    @Test("a late reader gets the newest quote at once")
    func late() async throws {
        let hub = MarketHub.over(source)
        var early = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        source.say(.quote(.of(.nifty, last: 5)))
        _ = try await early.next()
        var late = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        #expect(try await late.next() == .quote(.of(.nifty, last: 5)))
        #expect(source.feedsEver == 1)
    }

    @Test("only the last reader that leaves stops upstream")
    func leaving() async throws {
        let hub = MarketHub.over(source)
        var feeds: [Feed<QuoteEvent>] = []
        for _ in 0..<3 { feeds.append(try await hub.liveQuotes(of: [.nifty])) }
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        feeds.removeLast(2)
        #expect(hub.subscriptions.map(\.readers) == [1])
        #expect(source.openQuoteFeeds == 1)
        feeds.removeLast()
        try await waitUntil("the upstream feed is closed") { source.openQuoteFeeds == 0 }
        #expect(hub.subscriptions.isEmpty)
    }

    @Test("a permanent failure of the source ends every reader's feed")
    func failure() async throws {
        let hub = MarketHub.over(source)
        var one = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        var two = try await hub.liveQuotes(of: [.nifty, .bankNifty]).makeAsyncIterator()
        try await waitUntil("the upstream feeds are open") { source.openQuoteFeeds == 2 }
        let down = MarketDataError(.signInRefused, "the token is wrong", source: .tradingview)
        source.hangUp(down)
        await #expect(throws: down) { try await one.next() }
        await #expect(throws: down) { try await two.next() }
        try await waitUntil("nothing is open any more") { hub.subscriptions.isEmpty }
    }

    @Test("a refused instrument is reported, and the others continue")
    func refused() async throws {
        let hub = MarketHub.over(source)
        let unknown = MarketDataError(.symbolNotFound, "no such symbol", source: .tradingview)
        var reader = try await hub.liveQuotes(of: [.nowhere, .nifty]).makeAsyncIterator()
        var other = try await hub.liveQuotes(of: [.nowhere]).makeAsyncIterator()
        try await waitUntil("the upstream feeds are open") { source.openQuoteFeeds == 2 }
        source.say(.refused(.nowhere, unknown))
        source.say(.quote(.of(.nifty, last: 5)))
        var seen: Set<QuoteEvent> = []
        while seen.count < 2 { seen.insert(try #require(await reader.next())) }
        #expect(seen == [.refused(.nowhere, unknown), .quote(.of(.nifty, last: 5))])
        #expect(try await other.next() == .refused(.nowhere, unknown))
        #expect(try await other.next() == nil)
    }

    @Test("a status is delivered once, though every instrument of the reader sends it")
    func status() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveQuotes(of: [.nifty, .bankNifty]).makeAsyncIterator()
        try await waitUntil("the upstream feeds are open") { source.openQuoteFeeds == 2 }
        let status = SourceStatus(source: .tradingview, state: .reconnecting, since: Timestamp(seconds: 3))
        source.say(QuoteEvent.status(status))
        source.say(.quote(.of(.nifty, last: 5)))
        source.say(.quote(.of(.bankNifty, last: 6)))
        var events: [QuoteEvent] = []
        while Set(events.compactMap(\.symbol)).count < 2 { events.append(try #require(await reader.next())) }
        #expect(events.filter { $0 == .status(status) }.count == 1)
    }

    @Test("a live feed changes source only before the first data")
    func nextSource() async throws {
        let second = ScriptedSource(.nse)
        let broken = ScriptedSource(.tradingview, failing: MarketDataError(.upstreamTimeout, "silent"))
        let hub = MarketHub.over(broken, second)
        var reader = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        try await waitUntil("the second source gets a request") { second.openQuoteFeeds == 1 }
        second.say(.quote(.of(.nifty, last: 5, from: .nse)))
        #expect(try await reader.next() == .quote(.of(.nifty, last: 5, from: .nse)))
        let gone = MarketDataError(.upstreamUnavailable, "gone", source: .nse)
        second.hangUp(gone)
        #expect(try await reader.next() == .refused(.nifty, gone))
        // It is tried again from the first source on.
        try await waitUntil("both get a request again") { broken.requests == 2 && second.openQuoteFeeds == 1 }
        second.say(.quote(.of(.nifty, last: 6, from: .nse)))
        #expect(try await reader.next() == .quote(.of(.nifty, last: 6, from: .nse)))
    }

    @Test("a temporary refusal is reported once, and the instrument's feed stays open")
    func refusedForNow() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveQuotes(of: [.nifty]).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openQuoteFeeds == 1 }
        let slow = MarketDataError(.upstreamTimeout, "no quote came", source: .tradingview)
        for _ in 0..<3 { source.say(.refused(.nifty, slow)) }
        source.say(.quote(.of(.nifty, last: 7)))
        #expect(try await reader.next() == .refused(.nifty, slow))
        #expect(try await reader.next() == .quote(.of(.nifty, last: 7)))
        #expect(source.feedsEver == 1 && hub.subscriptions.map(\.condition.state) == [.live])
    }
}

extension QuoteEvent {
    fileprivate var symbol: Symbol? {
        if case .quote(let quote) = self { quote.symbol } else { nil }
    }
}
