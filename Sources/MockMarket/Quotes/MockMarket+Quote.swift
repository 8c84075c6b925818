public import MarketData

extension MockMarket {
    /// The values of one instrument at a moment.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `noDataForTime` before 2010.
    public func quote(of symbol: Symbol, at moment: Timestamp) throws(MarketDataError) -> Quote {
        let listing = try universe.listing(symbol)
        try checkHistory(moment)
        let calendar = calendar(of: listing)
        let session = calendar.latestSession(at: moment, segment: listing.segment)
        let end = min(moment, session.closes)
        var reader = DayReader(paths.day(session, of: listing))
        let terms = presentTerms(of: listing, at: moment)
        let plain = reader.aggregate(from: session.opens, to: end)
        let today = terms.map { plain.scaled(by: $0.scale(on: session.date)) } ?? plain
        let before = calendar.latestSession(
            at: Timestamp(milliseconds: session.opens.milliseconds - 1), segment: listing.segment
        )
        let plainClose = paths.close(before, of: listing)
        let lastClose = terms.map { $0.scale(on: before.date).ticks(plainClose) } ?? plainClose
        let previous = Prices.price(lastClose)
        let last = Prices.price(today.close)
        let spread = max(1, today.close / 20_000)
        var quote = Quote(symbol: symbol, provenance: provenance(asOf: moment))
        quote.last = last
        quote.lastTime = end
        quote.bid = today.close > spread ? Prices.price(today.close - spread) : nil
        quote.ask = Prices.price(today.close + spread)
        quote.open = Prices.price(today.open)
        quote.high = Prices.price(today.high)
        quote.low = Prices.price(today.low)
        quote.previousClose = previous
        let change = today.close - lastClose
        quote.change = Double(change) / Prices.ticksInOne
        quote.changePercent = (Double(change) / Prices.ticksInOne / previous * 10_000).rounded() / 100
        quote.volume = listing.dailyVolume == nil ? nil : Double(today.volume)
        quote.openInterest = futuresOpenInterest(of: listing, at: end)
        quote.session = session.contains(moment) ? "market" : "out_of_session"
        return quote
    }
}

extension MockMarket {
    /// Contracts of a future outstanding at a moment; `nil` for other instruments.
    func futuresOpenInterest(of listing: Listing, at moment: Timestamp) -> Double? {
        guard let middle = listing.openInterest else { return nil }
        let step = SnapshotSteps(calendar: calendar, segment: listing.segment).step(at: moment)
        let noise = paths.noise("open interest \(listing.symbol)")
        func atClose(_ day: Int) -> Double { Double(middle) * (0.85 + 0.3 * noise.fraction(day)) }
        let today = step.session.date.daysSinceEpoch
        let (from, to) = (atClose(step.previous.date.daysSinceEpoch), atClose(today))
        return (from + (to - from) * step.fraction).rounded()
    }
}
