public import MarketData

extension MockMarket {
    /// The bars asked for, as they are known at a moment; the newest may be forming.
    /// - Throws: `MarketDataError`: `badRequest`, `symbolNotFound`, `tooLarge`, `noDataForTime` for a moment before 2010.
    public func bars(_ request: BarRequest, at moment: Timestamp) throws(MarketDataError) -> BarSeries {
        let (listing, spans, series) = try plan(request, at: moment)
        var made = series
        made.bars = bars(of: listing, over: spans, at: moment)
        return made
    }

    /// What a question for bars comes to: the spans of the bars, and the answer without them.
    func plan(
        _ request: BarRequest, at moment: Timestamp
    ) throws(MarketDataError) -> (listing: Listing, spans: [TimeRange], series: BarSeries) {
        try request.validate()
        let listing = try universe.listing(request.symbol)
        try checkHistory(moment)
        let chosen: (spans: [TimeRange], isShort: Bool)
        let spans = BarSpans(interval: request.interval, calendar: calendar, segment: listing.segment)
        switch request.span {
        case .count(let count): chosen = spans.newest(count, at: moment)
        case .range(let range): chosen = try spans.opening(within: range, at: moment)
        }
        let series = BarSeries(
            request: request,
            instrument: try instrument(request.symbol),
            bars: [],
            shortfall: chosen.isShort ? .startOfHistory : nil,
            provenance: provenance(asOf: moment)
        )
        return (listing, chosen.spans, series)
    }

    /// The bars that open within a range, as they are known at a moment.
    /// - Throws: `MarketDataError`: as `bars(_:at:)`.
    public func bars(
        of symbol: Symbol, interval: Interval, within range: TimeRange, at moment: Timestamp
    ) throws(MarketDataError) -> [Bar] {
        try bars(BarRequest(symbol: symbol, interval: interval, span: .range(range)), at: moment).bars
    }

    func bars(of listing: Listing, over spans: [TimeRange], at moment: Timestamp) -> [Bar] {
        var reader = BarReader(listing: listing, paths: paths, calendar: calendar)
        return spans.map { span in
            let end = min(span.to, moment)
            let made = reader.aggregate(over: TimeRange(from: span.from, to: end))
            return Bar(
                time: span.from, open: Prices.price(made.open), high: Prices.price(made.high),
                low: Prices.price(made.low), close: Prices.price(made.close),
                volume: listing.dailyVolume == nil ? nil : Double(made.volume),
                openInterest: futuresOpenInterest(of: listing, at: end), isFinal: span.to <= moment
            )
        }
    }
}
