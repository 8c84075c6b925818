public import MarketData

extension MockMarket {
    /// The price of a symbol at any moment from 2010 on, rounded to 0.05; outside the session the last price before.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `noDataForTime` before 2010.
    public func price(of symbol: Symbol, at time: Timestamp) throws(MarketDataError) -> Double {
        let listing = try universe.listing(symbol)
        try checkHistory(time)
        return price(of: listing, at: time)
    }

    func price(of listing: Listing, at time: Timestamp) -> Double {
        let session = calendar.latestSession(at: time, segment: listing.segment)
        if time >= session.closes { return Prices.price(paths.close(session, of: listing)) }
        var reader = DayReader(paths.day(session, of: listing))
        return Prices.price(reader.price(at: time))
    }
}
