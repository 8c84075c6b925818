import MarketData

/// What has happened to the bars of a series since they were last told.
struct BarStream: LiveStream {
    /// Beyond this many bars at once the series is told anew.
    private static let mostAtOnce = 1_000
    private let market: MockMarket
    private let request: BarRequest
    private let listing: Listing
    private let boundaries: BarBoundaries
    /// The newest bar told, and its opening.
    private var newest: (opens: Timestamp, bar: Bar?)

    init(market: MockMarket, request: BarRequest) throws(MarketDataError) {
        self.market = market
        self.request = request
        listing = try market.universe.listing(request.symbol)
        boundaries = BarBoundaries(interval: request.interval, calendar: market.calendar, segment: listing.segment)
        newest = (Timestamp(milliseconds: 0), nil)
    }

    /// The stream after it has told the bars so far.
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
            guard spans.count < BarStream.mostAtOnce else { return startAnew(at: moment) }
            spans.append(span)
            span = boundaries.firstBar(openingAtOrAfter: span.to)
        }
        guard let bars = try? market.bars(of: listing, for: request, over: spans, at: moment) else { return [] }
        let changed = bars.filter { $0 != newest.bar }
        if let last = bars.last { newest = (last.time, last) }
        return changed.map { .bar($0) }
    }

    private mutating func startAnew(at moment: Timestamp) -> [BarEvent] {
        guard let begun = try? begun(at: moment) else { return [] }
        self = begun.stream
        return [begun.snapshot]
    }
}
