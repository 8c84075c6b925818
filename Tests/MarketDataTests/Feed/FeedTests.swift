import MarketData
import Synchronization
import TestSupport
import Testing

@Suite("Feeds")
struct FeedTests {
    private let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")
    private let provenance = Provenance(
        source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: Timestamp(seconds: 0)
    )

    private func quote(_ ticker: String, _ last: Double) -> QuoteEvent {
        var quote = Quote(symbol: Symbol(exchange: "NSE", ticker: ticker), provenance: provenance)
        quote.last = last
        return .quote(quote)
    }

    private func bar(_ seconds: Int64, _ close: Double) -> BarEvent {
        .bar(
            Bar(
                time: Timestamp(seconds: seconds), open: 1, high: 9, low: 1, close: close, volume: nil, isFinal: false)
        )
    }

    @Test("a newer quote replaces a waiting older one; other symbols keep theirs")
    func conflation() async throws {
        let (feed, source) = Feed.ofQuotes()
        for event in [quote("A", 1), quote("B", 2), quote("A", 3)] { source.send(event) }
        source.finish()
        var read: [QuoteEvent] = []
        for try await event in feed { read.append(event) }
        #expect(read == [quote("A", 3), quote("B", 2)])
        #expect(source.conflated == 1)
    }

    @Test("a bar is replaced only by its own later state")
    func bars() async throws {
        let (feed, source) = Feed.ofBars()
        for event in [bar(0, 1), bar(60, 2), bar(0, 3), bar(120, 4)] { source.send(event) }
        source.finish()
        var read: [BarEvent] = []
        for try await event in feed { read.append(event) }
        #expect(read == [bar(0, 3), bar(60, 2), bar(120, 4)])
    }

    @Test("a reader that leaves more waiting than the feed holds reads the waiting elements, then overloaded")
    func bound() async throws {
        let (feed, source) = Feed.ofBars(capacity: 2)
        for second in 0..<3 { source.send(bar(Int64(second), 1)) }
        var iterator = feed.makeAsyncIterator()
        #expect(try await iterator.next() == bar(0, 1))
        #expect(try await iterator.next() == bar(1, 1))
        let error = await #expect(throws: MarketDataError.self) { try await iterator.next() }
        #expect(error?.code == .overloaded)
        #expect(error?.recovery == .resubscribe)
    }

    @Test("an error ends the feed after the waiting elements")
    func failure() async throws {
        let (feed, source) = Feed.ofQuotes()
        source.send(quote("A", 1))
        source.finish(throwing: MarketDataError(.upstreamTimeout, "nothing came"))
        source.send(quote("A", 2))
        var iterator = feed.makeAsyncIterator()
        #expect(try await iterator.next() == quote("A", 1))
        await #expect(throws: MarketDataError.self) { try await iterator.next() }
    }

    @Test("a waiting reader gets the next element")
    func waiting() async throws {
        let (feed, source) = Feed.ofQuotes()
        async let first: QuoteEvent? = {
            var iterator = feed.makeAsyncIterator()
            return try await iterator.next()
        }()
        source.send(quote("A", 1))
        #expect(try await first == quote("A", 1))
    }

    @Test("a cancelled reader reads the end", .timeLimit(.minutes(1)))
    func cancellation() async throws {
        let (feed, source) = Feed.ofQuotes()
        let reader = Task { [feed] in
            var iterator = feed.makeAsyncIterator()
            return try await iterator.next()
        }
        reader.cancel()
        #expect(try await reader.value == nil)
        source.finish()
    }

    @Test("releasing the feed notifies the source once")
    func abandonment() {
        let reported = Mutex(0)
        let source = { () -> FeedSource<QuoteEvent> in
            let (feed, source) = Feed.ofQuotes()
            source.onAbandoned { reported.withLock { $0 += 1 } }
            withExtendedLifetime(feed) { #expect(reported.withLock { $0 } == 0) }
            return source
        }()
        #expect(reported.withLock { $0 } == 1)
        source.send(quote("A", 1))
        source.onAbandoned { reported.withLock { $0 += 10 } }
        #expect(reported.withLock { $0 } == 11)
    }

    @Test("an iterator alone keeps the feed alive")
    func iterator() {
        let reported = Mutex(false)
        let (iterator, source) = { () -> (Feed<QuoteEvent>.Iterator, FeedSource<QuoteEvent>) in
            let (feed, source) = Feed.ofQuotes()
            return (feed.makeAsyncIterator(), source)
        }()
        source.onAbandoned { reported.withLock { $0 = true } }
        withExtendedLifetime(iterator) { #expect(reported.withLock { $0 } == false) }
    }

    @Test("thousands of elements leave in order, however reads and writes interleave")
    func order() async throws {
        let (feed, source) = Feed.ofBars(capacity: 3_000)
        var iterator = feed.makeAsyncIterator()
        var (sent, read) = (0, 0)
        var random = SeededGenerator(seed: 7)
        while read < 20_000 {
            for _ in 0..<Int.random(in: 0...400, using: &random) where sent - read < 2_900 {
                source.send(bar(Int64(sent), 1))
                sent += 1
            }
            for _ in 0..<Int.random(in: 0...400, using: &random) where read < sent {
                let event = try await iterator.next()
                guard event == bar(Int64(read), 1) else {
                    Issue.record("the element at \(read) is \(String(describing: event))")
                    return
                }
                read += 1
            }
        }
        #expect(source.conflated == 0)
    }
    @Test("a newer quote replaces the older one of its symbol, also after thousands were read")
    func conflationAfterThousands() async throws {
        let (feed, source) = Feed.ofQuotes(capacity: 5_000)
        var iterator = feed.makeAsyncIterator()
        var waiting: [String] = []
        var newest: [String: Double] = [:]
        var random = SeededGenerator(seed: 8)
        for round in 1...12 {
            for number in 0..<3_000 {
                let ticker = "S\(Int.random(in: 0..<4_000, using: &random))"
                let last = Double(round * 10_000 + number)
                if newest.updateValue(last, forKey: ticker) == nil { waiting.append(ticker) }
                source.send(quote(ticker, last))
            }
            let count = min(waiting.count, Int.random(in: 1_000...2_000, using: &random))
            for ticker in waiting.prefix(count) {
                let event = try await iterator.next()
                guard let last = newest.removeValue(forKey: ticker), event == quote(ticker, last) else {
                    Issue.record("in round \(round), \(ticker) came as \(String(describing: event))")
                    return
                }
            }
            waiting.removeFirst(count)
        }
        #expect(source.conflated > 0)
    }
}
