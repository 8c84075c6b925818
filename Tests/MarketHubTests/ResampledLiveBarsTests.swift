import MarketData
import MarketHistory
import MockMarket
import TestSupport
import Testing

@testable import MarketHub

@Suite("Live bars built from finer ones")
struct ResampledLiveBarsTests {
    private static let kept = ["1m", "3m", "5m", "15m", "30m", "45m", "1h", "2h", "3h", "4h", "1d", "1w", "1M"]
        .compactMap { try? Interval($0) }
    /// A Friday at a quarter past two in the afternoon in India, an hour and a quarter before the close.
    private static let afternoon = Timestamp(seconds: 1_795_164_300)

    /// The finer feed and the built one, moved on together along one market.
    private struct Pair {
        let market: MockMarket
        let request: BarRequest
        let building: BarBuilding
        var machine: ResampledLiveBars
        var parts: [Timestamp: Bar] = [:]
        var wholes: [Timestamp: Bar] = [:]
        var wasFinal: Set<Timestamp> = []

        init(_ interval: String, hours: MockMarket.Hours, at now: Timestamp) throws {
            market = MockMarket(seed: 5, hours: hours, clock: { now })
            request = BarRequest(symbol: .nifty, interval: try Interval(interval), span: .count(20))
            building = try #require(try BarBuilding(of: request, keeping: kept))
            machine = ResampledLiveBars(building)
        }

        /// What the upstream would say at the beginning.
        mutating func begin(at now: Timestamp) throws {
            let series = try market.bars(building.partsRequest, at: now)
            for bar in series.bars { parts[bar.time] = bar }
            apply(try machine.take(.snapshot(series), at: now))
        }

        /// The upstream sends all changes.
        mutating func move(to now: Timestamp) throws {
            for bar in try changes(at: now) { apply(try machine.take(.bar(bar), at: now)) }
        }

        /// The changed parts, marked as sent.
        mutating func changes(at now: Timestamp) throws -> [Bar] {
            var request = building.partsRequest
            request.span = .count(40)
            let bars = try market.bars(request, at: now).bars.filter { parts[$0.time] != $0 }
            for bar in bars { parts[bar.time] = bar }
            return bars
        }

        mutating func apply(_ events: [BarEvent]) {
            for event in events {
                switch event {
                case .snapshot(let series): wholes = Dictionary(uniqueKeysWithValues: series.bars.map { ($0.time, $0) })
                case .bar(let bar): place(bar)
                case .repaired(_, let bars): bars.forEach { place($0) }
                case .gap, .status: break
                }
            }
        }

        private mutating func place(_ bar: Bar) {
            #expect(!wasFinal.contains(bar.time), "a final bar of \(bar.time) is sent again")
            if bar.isFinal { wasFinal.insert(bar.time) }
            wholes[bar.time] = bar
        }

        /// The market's own bars over the same time.
        func truth(at now: Timestamp) throws -> [Bar] {
            var own = request
            own.span = .count(wholes.count)
            return try market.bars(own, at: now).bars
        }

        var reported: [Bar] { wholes.values.sorted { $0.time < $1.time } }
    }

    @Test(
        "equal the market's own at every moment, over the close and a weekend, each final one delivered once",
        arguments: ["2m", "4m", "7m", "10m", "20m", "75m", "90m", "6h"], MockMarket.Hours.allCases)
    func withinTheDay(interval: String, hours: MockMarket.Hours) throws {
        var now = ResampledLiveBarsTests.afternoon
        var random = SeededGenerator(seed: 11)
        var pair = try Pair(interval, hours: hours, at: now)
        try pair.begin(at: now)
        #expect(pair.reported.count == 20)
        for step in 0..<70 {
            now = now.advanced(bySeconds: step == 40 ? 60 * 3600 : Int64.random(in: 5...170, using: &random))
            // A feed that was down over a weekend is loaded again.
            if step == 40 { try pair.begin(at: now) } else { try pair.move(to: now) }
            #expect(try pair.reported == pair.truth(at: now))
        }
        #expect(!pair.wasFinal.isEmpty || ["75m", "90m", "6h"].contains(interval))
    }

    @Test("equal the market's own for days and longer", arguments: ["2d", "3d", "2w", "2M"], MockMarket.Hours.allCases)
    func days(interval: String, hours: MockMarket.Hours) throws {
        var now = ResampledLiveBarsTests.afternoon
        var random = SeededGenerator(seed: 12)
        var pair = try Pair(interval, hours: hours, at: now)
        try pair.begin(at: now)
        for _ in 0..<40 {
            now = now.advanced(bySeconds: Int64.random(in: 3600...40_000, using: &random))
            try pair.move(to: now)
            #expect(try pair.reported == pair.truth(at: now))
        }
        #expect(!pair.reported.isEmpty)
    }

    @Test("whose parts were missed are delivered again once the gap of the parts is repaired, and not before")
    func repaired() throws {
        let start = ResampledLiveBarsTests.afternoon
        var pair = try Pair("10m", hours: .exchange, at: start)
        try pair.begin(at: start)
        let before = pair.reported
        let later = start.advanced(bySeconds: 1500)
        let missed = try pair.changes(at: later)
        let range = TimeRange(from: start, to: later)
        let gap = try pair.machine.take(.gap(range), at: later)
        let open = TimeRange(from: start.advanced(bySeconds: -0), to: later)
        guard case .gap(let reported) = gap.first, gap.count == 1 else {
            Issue.record("the gap was not reported")
            return
        }
        #expect(reported.from <= open.from && reported.to == later)
        let forming = try #require(missed.last)
        #expect(try pair.machine.take(.bar(forming), at: later).allSatisfy(isForming))
        let events = try pair.machine.take(.repaired(range, missed.filter(\.isFinal)), at: later)
        guard case .repaired(reported, let bars) = events.first else {
            Issue.record("the repair was not reported: \(events)")
            return
        }
        #expect(bars.allSatisfy { $0.isFinal } && !bars.isEmpty)
        pair.wholes = Dictionary(uniqueKeysWithValues: before.map { ($0.time, $0) })
        pair.apply(events)
        #expect(try pair.reported == pair.truth(at: later))
    }

    private func isForming(_ event: BarEvent) -> Bool {
        if case .bar(let bar) = event { !bar.isFinal } else { false }
    }

    @Test("are left out inside a permanent gap, and delivered after it")
    func torn() throws {
        var now = ResampledLiveBarsTests.afternoon
        var pair = try Pair("10m", hours: .always, at: now)
        try pair.begin(at: now)
        let gap = TimeRange(from: now, to: now.advanced(bySeconds: 1200))
        pair.apply(try pair.machine.take(.gap(gap), at: now))
        now = gap.to
        _ = try pair.changes(at: now)
        let known = Set(pair.reported.map(\.time))
        for _ in 0..<30 {
            now = now.advanced(bySeconds: 60)
            try pair.move(to: now)
        }
        let truth = try pair.truth(at: now).filter { !known.contains($0.time) && $0.time >= gap.to }
        let fresh = pair.reported.filter { !known.contains($0.time) }
        #expect(!fresh.isEmpty)
        #expect(fresh.allSatisfy { $0.time >= gap.to })
        #expect(fresh == truth)
    }

    @Test("report in the snapshot what they were built from, and release the finer feed")
    func feed() async throws {
        let source = ScriptedSource(.tradingview)
        let live = ResampledLiveFeed(source, keeping: ResampledLiveBarsTests.kept) { Timestamp(seconds: 2000) }
        do {
            let request = BarRequest(symbol: .nifty, interval: try Interval("10m"), span: .count(3))
            let feed = try await live.liveBars(request)
            #expect(source.openBarFeeds.first?.interval == (try Interval("5m")))
            source.say(
                BarEvent.status(SourceStatus(source: .tradingview, state: .connected, since: Timestamp(seconds: 1))))
            let requested = try #require(source.openBarFeeds.first)
            source.say(BarEvent.snapshot(BarSeries(request: requested, bars: [], provenance: .of(.tradingview))))
            var iterator = feed.makeAsyncIterator()
            guard case .status? = try await iterator.next(), case .snapshot(let series)? = try await iterator.next()
            else {
                Issue.record("status and snapshot did not come")
                return
            }
            #expect(series.request == request)
            #expect(series.builtFrom == (try Interval("5m")))
        }
        try await waitUntil("the finer feed is released") { source.openBarFeeds.isEmpty }
    }

    @Test("end with the finer feed's error")
    func failing() async throws {
        let source = ScriptedSource(.tradingview)
        let live = ResampledLiveFeed(source, keeping: ResampledLiveBarsTests.kept) { Timestamp(seconds: 2000) }
        let request = BarRequest(symbol: .nifty, interval: try Interval("7m"), span: .count(3))
        let feed = try await live.liveBars(request)
        source.hangUp(MarketDataError(.upstreamUnavailable, "it broke"))
        let error = await #expect(throws: MarketDataError.self) { for try await _ in feed {} }
        #expect(error?.message == "it broke")
    }

    @Test("are the source's own for an interval that the source keeps")
    func own() async throws {
        let source = ScriptedSource(.tradingview)
        let live = ResampledLiveFeed(source, keeping: ResampledLiveBarsTests.kept) { Timestamp(seconds: 2000) }
        let feed = try await live.liveBars(.minutes(3))
        #expect(source.openBarFeeds == [.minutes(3)])
        _ = consume feed
    }
}
