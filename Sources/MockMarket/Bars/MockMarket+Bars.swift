public import MarketData

extension MockMarket {
    /// The requested bars, as they are known at a moment; the newest may be forming.
    /// - Throws: `MarketDataError`: `badRequest`, `symbolNotFound`, `tooLarge`, `noDataForTime` for a moment before 2010.
    public func bars(_ request: BarRequest, at moment: Timestamp) throws(MarketDataError) -> BarSeries {
        let (listing, spans, series) = try plan(request, at: moment)
        var made = series
        made.bars = try bars(of: listing, for: request, over: spans, at: moment)
        made.rolls = try rolls(of: made, at: moment)
        return made
    }

    /// The spans of the bars of a request, and the response without bars.
    func plan(
        _ request: BarRequest, at moment: Timestamp
    ) throws(MarketDataError) -> (listing: Listing, spans: [TimeRange], series: BarSeries) {
        try request.validate()
        let listing = try universe.listing(request.symbol)
        try checkHistory(moment)
        let chosen: (spans: [TimeRange], isShort: Bool)
        let spans = BarSpans(interval: request.interval, calendar: calendar(of: listing), segment: listing.segment)
        switch request.span {
        case .count(let count): chosen = traded(spans.newest(count, at: lastTrade(of: listing, at: moment)), listing)
        case .range(let range): chosen = traded(try spans.opening(within: range, at: moment), listing)
        }
        var instrument = try instrument(request.symbol)
        if let currency = request.currency {
            // Converted prices have four decimals.
            if currency != instrument.currency { (instrument.priceScale, instrument.minimumMove) = (10_000, 1) }
            instrument.currency = currency
        }
        let series = BarSeries(
            request: request,
            instrument: instrument,
            bars: [],
            shortfall: chosen.isShort ? .startOfHistory : nil,
            provenance: provenance(asOf: moment)
        )
        return (listing, chosen.spans, series)
    }

    /// The present moment, or for a contract that has expired the end of its last day.
    private func lastTrade(of listing: Listing, at moment: Timestamp) -> Timestamp {
        guard let expiry = listing.contract?.dated,
            let session = calendar.session(on: expiry, segment: listing.segment)
        else { return moment }
        return min(moment, Timestamp(milliseconds: session.closes.milliseconds - 1))
    }

    /// Those of the spans in which a contract of one month trades; all of them for everything else.
    private func traded(
        _ chosen: (spans: [TimeRange], isShort: Bool), _ listing: Listing
    ) -> (spans: [TimeRange], isShort: Bool) {
        guard let contract = listing.contract, contract.dated != nil else { return chosen }
        let kept = chosen.spans.filter { contract.trades(on: calendar.date(at: $0.from)) }
        return (kept, chosen.isShort || kept.first != chosen.spans.first)
    }

    /// The bars that open within a range, as they are known at a moment.
    /// - Throws: `MarketDataError`: as `bars(_:at:)`.
    public func bars(
        of symbol: Symbol, interval: Interval, within range: TimeRange, at moment: Timestamp
    ) throws(MarketDataError) -> [Bar] {
        try bars(BarRequest(symbol: symbol, interval: interval, span: .range(range)), at: moment).bars
    }

    /// When a continuous future changed contracts within a series; `nil` for other instruments.
    func rolls(of series: BarSeries, at moment: Timestamp) throws(MarketDataError) -> [ContractRoll]? {
        guard try universe.listing(series.request.symbol).contract.map({ $0.dated == nil }) == true,
            let first = series.bars.first
        else {
            return nil
        }
        return try rolls(of: series.request.symbol, within: TimeRange(from: first.time, to: moment))
    }

    /// Bars in the terms of a request: its adjustment, its contract, its currency.
    func bars(
        of listing: Listing, for request: BarRequest, over spans: [TimeRange], at moment: Timestamp
    ) throws(MarketDataError) -> [Bar] {
        let terms = terms(
            of: listing, adjustment: request.adjustment, backAdjusted: request.backAdjusted, at: moment
        )
        let bars = bars(of: listing, over: spans, at: moment, terms: terms)
        guard let currency = request.currency, currency != listing.currency else { return bars }
        let rate = try rates.rate(from: listing.currency, to: currency)
        return bars.map { $0.converted(at: rate) }
    }

    private func bars(
        of listing: Listing, over spans: [TimeRange], at moment: Timestamp, terms: PriceTerms?
    ) -> [Bar] {
        var reader = BarReader(listing: listing, paths: paths, calendar: calendar(of: listing), terms: terms)
        return spans.map { span in
            let end = min(span.to, moment)
            let made = reader.aggregate(over: TimeRange(from: span.from, to: end))
            return Bar(
                time: span.from, open: Prices.price(made.open), high: Prices.price(made.high),
                low: Prices.price(made.low), close: Prices.price(made.close),
                volume: listing.dailyVolume == nil ? nil : Double(made.volume),
                openInterest: futuresOpenInterest(of: listing, at: lastTrading(of: listing, by: end)),
                isFinal: span.to <= moment
            )
        }
    }

    /// The moment itself while there is trading, otherwise the close before it: open interest stops changing in a pause.
    private func lastTrading(of listing: Listing, by moment: Timestamp) -> Timestamp {
        min(moment, calendar(of: listing).latestPart(at: moment, segment: listing.segment).closes)
    }
}
