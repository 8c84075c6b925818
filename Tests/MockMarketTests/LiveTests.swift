import MarketData
import MockMarket
import Synchronization
import TestSupport
import Testing

@Suite("Live feeds of the mock market", .timeLimit(.minutes(1)))
struct LiveTests {
    private let start = Timestamp(seconds: 1_795_338_900)

    @Test("the first quotes come at once, later ones when the clock has moved")
    func quotes() async throws {
        let time = ManualTime(start)
        let feed = try await time.market().liveQuotes(of: [.nifty, .bankNifty])
        var iterator = feed.makeAsyncIterator()
        for symbol in [Symbol.nifty, .bankNifty] {
            guard case .quote(let quote) = try await iterator.next() else {
                Issue.record("no quote came")
                return
            }
            #expect(quote.symbol == symbol)
            #expect(quote.provenance.asOf == start)
        }
        try await time.advance(bySeconds: 5)
        guard case .quote(let later) = try await iterator.next() else {
            Issue.record("no quote came")
            return
        }
        #expect(later.symbol == .nifty)
        #expect(later.provenance.asOf == start.advanced(bySeconds: 5))
    }

    @Test("an unknown symbol among known ones is refused and the others continue; alone it is an error")
    func refused() async throws {
        let market = ManualTime(start).market()
        let unknown = Symbol(exchange: "NSE", ticker: "NIFTTY")
        let feed = try await market.liveQuotes(of: [unknown, .nifty])
        var iterator = feed.makeAsyncIterator()
        guard case .refused(unknown, let error) = try await iterator.next() else {
            Issue.record("the unknown symbol was not refused")
            return
        }
        #expect(error.code == .symbolNotFound)
        guard case .quote = try await iterator.next() else {
            Issue.record("the known symbol has no quote")
            return
        }
        let alone = await #expect(throws: MarketDataError.self) { try await market.liveQuotes(of: [unknown]) }
        #expect(alone?.code == .symbolNotFound)
        let none = await #expect(throws: MarketDataError.self) { try await market.liveQuotes(of: []) }
        #expect(none?.code == .badRequest)
    }

    @Test("bars begin with a snapshot, continue with the forming bar and each final one, and agree with history")
    func bars() async throws {
        let time = ManualTime(start)
        let market = time.market()
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(10))
        let feed = try await market.liveBars(request)
        var iterator = feed.makeAsyncIterator()
        guard case .snapshot(let series) = try await iterator.next() else {
            Issue.record("no snapshot came first")
            return
        }
        #expect(series.bars.count == 10)
        var known = Dictionary(uniqueKeysWithValues: series.bars.map { ($0.time, $0) })
        for _ in 0..<30 {
            try await time.advance(bySeconds: 25)
            while known[market.newestBar(at: time.now, request).time] != market.newestBar(at: time.now, request) {
                guard case .bar(let bar) = try await iterator.next() else {
                    Issue.record("something else than a bar came")
                    return
                }
                if let before = known[bar.time] { #expect(!before.isFinal) }
                known[bar.time] = bar
            }
        }
        let whole = BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(known.count))
        #expect(try market.bars(whole, at: time.now).bars == known.values.sorted { $0.time < $1.time })
    }

    @Test("after a long sleep the series is sent as a new snapshot instead of thousands of bars")
    func sleep() async throws {
        let time = ManualTime(start)
        let feed = try await time.market().liveBars(BarRequest(symbol: .nifty, interval: .oneSecond, span: .count(5)))
        var iterator = feed.makeAsyncIterator()
        _ = try await iterator.next()
        try await time.advance(bySeconds: 50_000)
        guard case .snapshot(let series) = try await iterator.next() else {
            Issue.record("no snapshot came")
            return
        }
        #expect(series.bars.last?.time == time.now)
    }

    @Test("releasing a feed ends the task that fills it")
    func abandonment() async throws {
        let time = ManualTime(start)
        let market = time.market()
        do {
            let quotes = try await market.liveQuotes(of: [.nifty])
            let bars = try await market.liveBars(BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(1)))
            try await time.wait { $0 == 2 }
            withExtendedLifetime((quotes, bars)) {}
        }
        try await time.wait { $0 == 0 }
    }

    @Test("hundreds of symbols stream in one feed")
    func many() async throws {
        let time = ManualTime(start)
        let market = time.market()
        let symbols = market.symbols
        let feed = try await market.liveQuotes(of: symbols)
        var iterator = feed.makeAsyncIterator()
        var seen: Set<Symbol> = []
        while seen.count < symbols.count {
            if case .quote(let quote) = try await iterator.next() { seen.insert(quote.symbol) }
        }
        #expect(seen == Set(symbols))
    }
}

extension MockMarket {
    fileprivate func newestBar(at moment: Timestamp, _ request: BarRequest) -> Bar {
        var newest = request
        newest.span = .count(1)
        guard let bar = try? bars(newest, at: moment).bars.last else { preconditionFailure("no bar at \(moment)") }
        return bar
    }
}
