import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Shared live bars")
struct LiveBarsTests {
    private let source = ScriptedSource(.tradingview)

    @Test("readers of about the same length share one upstream feed, each with its own snapshot")
    func shared() async throws {
        let hub = MarketHub.over(source)
        var small = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        var large = try await hub.liveBars(.minutes(300)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        #expect(source.openBarFeeds == [.minutes(300)])
        source.say(.snapshot(.minutes(1...300)))
        guard case .snapshot(let two) = try await small.next(), case .snapshot(let all) = try await large.next() else {
            Issue.record("the first event is not a snapshot")
            return
        }
        #expect(two.bars.map(\.time.seconds) == [299 * 60, 300 * 60])
        #expect(all.bars.count == 300)
    }

    @Test("a late reader's snapshot includes what has arrived since")
    func late() async throws {
        let hub = MarketHub.over(source)
        var early = try await hub.liveBars(.minutes(3)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...300)))
        source.say(.bar(.at(301, close: 7, final: false)))
        _ = try await early.next()
        _ = try await early.next()
        var late = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        guard case .snapshot(let series) = try await late.next() else {
            Issue.record("the first event is not a snapshot")
            return
        }
        #expect(series.bars == [.at(300), .at(301, close: 7, final: false)])
        #expect(series.provenance.asOf == Timestamp(seconds: 2000))
        source.say(.bar(.at(301, close: 8)))
        #expect(try await late.next() == .bar(.at(301, close: 8)))
        #expect(source.feedsEver == 1)
    }

    @Test("a snapshot after a break reaches back to the bars before it, however few the reader began with")
    func afterBreak() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...300)))
        guard case .snapshot(let first) = try await reader.next() else {
            Issue.record("the first event is not a snapshot")
            return
        }
        #expect(first.bars.map(\.time.seconds) == [299 * 60, 300 * 60])
        source.say(.snapshot(.minutes(31...330)))
        guard case .snapshot(let second) = try await reader.next() else {
            Issue.record("the second event is not a snapshot")
            return
        }
        // Twelve bars of before the break are compared too.
        #expect(second.bars.map(\.time.seconds) == (289...330).map { $0 * 60 })
        // A break that is longer than what upstream sends leaves a gap.
        source.say(.snapshot(.minutes(401...700)))
        let gap = TimeRange(from: Timestamp(seconds: 330 * 60), to: Timestamp(seconds: 401 * 60))
        #expect(try await reader.next() == .gap(gap))
        guard case .snapshot(let third) = try await reader.next() else {
            Issue.record("no snapshot follows the gap")
            return
        }
        #expect(third.bars.count == 300)
    }

    @Test("a reader that wants more bars opens a longer feed, and the shorter one stays")
    func longer() async throws {
        let hub = MarketHub.over(source)
        let short = try await hub.liveBars(.minutes(300))
        let long = try await hub.liveBars(.minutes(301))
        try await waitUntil("both feeds are open") { source.openBarFeeds.count == 2 }
        #expect(Set(source.openBarFeeds) == [.minutes(300), .minutes(1000)])
        withExtendedLifetime((short, long)) {}
    }

    @Test("the last reader that leaves stops upstream")
    func leaving() async throws {
        let hub = MarketHub.over(source)
        var feeds = [try await hub.liveBars(.minutes(3)), try await hub.liveBars(.minutes(3))]
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        feeds.removeLast()
        #expect(source.openBarFeeds.count == 1)
        feeds.removeLast()
        try await waitUntil("the upstream feed is closed") { source.openBarFeeds.isEmpty }
    }

    @Test("a permanent failure ends the readers' feeds after the waiting elements")
    func failure() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveBars(.minutes(3)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...3)))
        let down = MarketDataError(.notEntitled, "is not for you", source: .tradingview)
        source.hangUp(down)
        guard case .snapshot = try await reader.next() else {
            Issue.record("what waited was lost")
            return
        }
        await #expect(throws: down) { try await reader.next() }
    }

    @Test("a range is not a live feed")
    func range() async throws {
        let range = TimeRange(from: Timestamp(seconds: 0), to: Timestamp(seconds: 60))
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .range(range))
        let error = await #expect(throws: MarketDataError.self) { try await MarketHub.over(source).liveBars(request) }
        #expect(error?.code == .badRequest)
    }

    private static let gone = MarketDataError(.upstreamUnavailable, "gone", source: .tradingview)

    @Test("a temporary failure is reported and retried while there are readers")
    func retries() async throws {
        let source = ScriptedSource(.tradingview, failing: Self.gone)
        let hub = MarketHub.over(source)
        var reader = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        guard case .status(let status) = try await reader.next() else {
            Issue.record("no status")
            return
        }
        #expect(status.subscription?.state == .backingOff && status.subscription?.error == Self.gone)
        try await waitUntil("it is tried again") { source.requests >= 3 }
        #expect(hub.subscriptions.map(\.condition.state) == [.backingOff])
        source.fail(with: nil)
        try await waitUntil("the feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...300)))
        var event = try await reader.next()
        while case .status? = event { event = try await reader.next() }
        guard case .snapshot? = event else {
            Issue.record("no snapshot")
            return
        }
        #expect(hub.subscriptions.map(\.condition.state) == [.live])
    }

    @Test("a feed that breaks after its first data is opened again")
    func breaks() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...300)))
        _ = try await reader.next()
        source.hangUp(Self.gone)
        try await waitUntil("it is open again") { source.feedsEver == 2 && source.openBarFeeds.count == 1 }
        source.say(.bar(.at(301)))
    }

    @Test("a source's condition of one series reaches its readers and the report, not the source's record")
    func condition() async throws {
        let hub = MarketHub.over(source)
        var reader = try await hub.liveBars(.minutes(2)).makeAsyncIterator()
        try await waitUntil("the upstream feed is open") { source.openBarFeeds.count == 1 }
        source.say(.snapshot(.minutes(1...300)))
        _ = try await reader.next()
        var status = SourceStatus(source: .tradingview, state: .reconnecting, since: Timestamp(seconds: 2000))
        status.subscription = SubscriptionCondition(
            state: .stale, since: Timestamp(seconds: 2000), reason: "no data while the market is open")
        source.say(BarEvent.status(status))
        #expect(try await reader.next() == .status(status))
        #expect(hub.subscriptions.map(\.condition.state) == [.stale])
        #expect(hub.sources.first?.status.state == .connected)
        source.say(.bar(.at(301)))
        _ = try await reader.next()
        #expect(hub.subscriptions.map(\.condition.state) == [.live])
    }
}
