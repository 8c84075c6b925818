public import MarketData

extension MockMarket {
    /// The quotes of some symbols, at once and then whenever they have changed, on the market's schedule. An unknown symbol
    /// among known ones is refused; the others go on.
    /// - Throws: `MarketDataError`: `badRequest` without symbols, `symbolNotFound` where none is known.
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        guard !symbols.isEmpty else { throw MarketDataError.badRequest("no symbol was named; name at least one") }
        var stream = QuoteStream(market: self)
        let opening = stream.begin(symbols, at: clock())
        if stream.symbols.isEmpty, case .refused(_, let error) = opening.first { throw error }
        let (feed, source) = Feed.ofQuotes(capacity: 4_096 + 2 * symbols.count)
        opening.forEach(source.send)
        publish(from: stream, to: source)
        return feed
    }

    /// The bars of a series: a snapshot, then the forming bar as it changes and each one that ends.
    /// - Throws: `MarketDataError`: as `bars(_:)`.
    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let (stream, snapshot) = try BarStream(market: self, request: request).begun(at: clock())
        let (feed, source) = Feed.ofBars()
        source.send(snapshot)
        publish(from: stream, to: source)
        return feed
    }

    /// Polls for changes until the reader releases the feed.
    private func publish<Stream: LiveStream>(from opened: Stream, to source: FeedSource<Stream.Event>) {
        let (clock, schedule) = (clock, schedule)
        let task = Task {
            var stream = opened
            while !Task.isCancelled {
                do { try await schedule.sleep(schedule.interval) } catch { break }
                stream.changes(at: clock()).forEach(source.send)
            }
            source.finish()
        }
        source.onAbandoned { task.cancel() }
    }
}

/// The values that a live feed has sent so far, to find new ones.
protocol LiveStream: Sendable {
    associatedtype Event: Sendable

    /// Returns what has changed since the last call, and counts it as sent.
    mutating func changes(at moment: Timestamp) -> [Event]
}

/// What has happened to the bars of a series since they were last sent.
struct BarStream: LiveStream {
    /// Beyond this number of new bars the series is sent again.
    private static let mostAtOnce = 1_000
    private let market: MockMarket
    private let request: BarRequest
    private let listing: Listing
    private let boundaries: BarBoundaries
    /// The newest bar sent, and its opening.
    private var newest: (opens: Timestamp, bar: Bar?)

    init(market: MockMarket, request: BarRequest) throws(MarketDataError) {
        self.market = market
        self.request = request
        listing = try market.universe.listing(request.symbol)
        boundaries = BarBoundaries(
            interval: request.interval, calendar: market.calendar(of: listing), segment: listing.segment)
        newest = (Timestamp(milliseconds: 0), nil)
    }

    /// The stream after it has sent the bars so far.
    func begun(at moment: Timestamp) throws(MarketDataError) -> (stream: BarStream, snapshot: BarEvent) {
        let series = try market.bars(request, at: moment)
        var stream = self
        let latest = boundaries.latestBar(at: moment).from
        stream.newest = (latest, series.bars.last { $0.time == latest })
        return (stream, .snapshot(series))
    }

    /// The bars that ended or changed, ascending.
    mutating func changes(at moment: Timestamp) -> [BarEvent] {
        var spans: [TimeRange] = []
        var span = boundaries.latestBar(at: newest.opens)
        while span.from <= moment {
            guard spans.count < BarStream.mostAtOnce else { return restart(at: moment) }
            spans.append(span)
            span = boundaries.firstBar(openingAtOrAfter: span.to)
        }
        guard let bars = try? market.bars(of: listing, for: request, over: spans, at: moment) else { return [] }
        let changed = bars.filter { $0 != newest.bar }
        if let last = bars.last { newest = (last.time, last) }
        return changed.map { .bar($0) }
    }

    private mutating func restart(at moment: Timestamp) -> [BarEvent] {
        guard let begun = try? begun(at: moment) else { return [] }
        self = begun.stream
        return [begun.snapshot]
    }
}

/// Which quotes of a subscription have changed since they were last sent.
struct QuoteStream: LiveStream {
    private let market: MockMarket
    private(set) var symbols: [Symbol] = []
    private var sent: [Symbol: Quote] = [:]

    init(market: MockMarket) { self.market = market }

    /// The first quote of every symbol, or why it has none.
    mutating func begin(_ wanted: [Symbol], at moment: Timestamp) -> [QuoteEvent] {
        var events: [QuoteEvent] = []
        for symbol in wanted where sent[symbol] == nil {
            do throws(MarketDataError) {
                let quote = try market.quote(of: symbol, at: moment)
                sent[symbol] = quote
                symbols.append(symbol)
                events.append(.quote(quote))
            } catch {
                events.append(.refused(symbol, error))
            }
        }
        return events
    }

    /// The quotes whose values differ from those sent last.
    mutating func changes(at moment: Timestamp) -> [QuoteEvent] {
        var events: [QuoteEvent] = []
        for symbol in symbols {
            guard let quote = try? market.quote(of: symbol, at: moment), var before = sent[symbol] else { continue }
            before.provenance = quote.provenance
            guard quote != before else { continue }
            sent[symbol] = quote
            events.append(.quote(quote))
        }
        return events
    }
}
