public import MarketData

extension MockMarket {
    /// The call and the put of one strike at a moment, counted in shares, as of the newest of the three-minute steps: what
    /// `openInterest` tells of it, without the rest of the chain. `nil` for what is no strike of the underlying.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `noDataForTime`.
    public func option(
        _ strike: Strike, of symbol: Symbol, expiry: CalendarDate, at moment: Timestamp
    ) throws(MarketDataError) -> OptionStrike? {
        try checkHistory(moment)
        let options = try options(of: symbol)
        let listed = options.expiries(at: moment)
        guard listed.contains(expiry) else { throw notListed(expiry, listed, symbol, moment) }
        let chain = chain(options, try universe.listing(symbol), expiry, moment)
        let number = (strike.price / options.strikeStep).rounded()
        guard number >= 1, Strike(number * options.strikeStep) == strike else { return nil }
        return chain.strike(Int(number))
    }
}
