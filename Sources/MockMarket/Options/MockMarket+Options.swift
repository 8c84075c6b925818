public import MarketData

extension MockMarket {
    /// The largest number of snapshots that one request for history may return.
    public static let largestSnapshotCount = 5_000

    /// The expiries listed at a moment, by the exchange's rules.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported` for what has no options, `noDataForTime`.
    public func expiries(of symbol: Symbol, at moment: Timestamp) throws(MarketDataError) -> ExpiryList {
        try checkHistory(moment)
        return ExpiryList(
            symbol: symbol, expiries: try options(of: symbol).expiries(at: moment), standard: nil,
            provenance: provenance(asOf: moment)
        )
    }

    /// Open interest of one expiry (`nil`: the nearest) at a moment, counted in shares, as of the newest of the
    /// three-minute steps at which it is reported.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `noDataForTime`.
    public func openInterest(
        of symbol: Symbol, expiry: CalendarDate?, at moment: Timestamp
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try checkHistory(moment)
        let options = try options(of: symbol)
        let listed = options.expiries(at: moment)
        guard let expiry = expiry ?? listed.first, listed.contains(expiry) else {
            throw notListed(expiry, listed, symbol, moment)
        }
        return snapshot(options, try universe.listing(symbol), expiry, moment)
    }

    /// The snapshots of one expiry within a range, up to a moment; one each three minutes of trading. Without an expiry
    /// the nearest at the end of the range; times at which it was not listed are left out.
    /// - Throws: `MarketDataError`: as `openInterest`, and `tooLarge` above `largestSnapshotCount`.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, at moment: Timestamp
    ) throws(MarketDataError) -> [OpenInterestSnapshot] {
        guard range.from < range.to else {
            throw .badRequest("the range from \(range.from) to \(range.to) is empty: from must lie before to")
        }
        let options = try options(of: symbol)
        let listing = try universe.listing(symbol)
        try checkHistory(range.from)
        let end = min(range.to, Timestamp(milliseconds: moment.milliseconds + 1))
        guard range.from < end else {
            throw MarketDataError.inFuture(range.from, now: moment, source: .mock)
        }
        let last = Timestamp(milliseconds: end.milliseconds - 1)
        let listed = options.expiries(at: last)
        guard let expiry = expiry ?? listed.first,
            listed.contains(expiry) || options.expiries(at: range.from).contains(expiry)
        else { throw notListed(expiry, listed, symbol, last) }
        let times = SnapshotSteps(calendar: calendar, segment: .derivatives).times(
            within: TimeRange(from: range.from, to: end), limit: MockMarket.largestSnapshotCount
        )
        guard times.count <= MockMarket.largestSnapshotCount else {
            throw MarketDataError(
                .tooLarge,
                "the range holds more than \(MockMarket.largestSnapshotCount) snapshots, one each three minutes; "
                    + "request a shorter one", source: .mock
            )
        }
        return times.filter { options.lists(expiry, at: $0) }.map { snapshot(options, listing, expiry, $0) }
    }

    private func snapshot(
        _ options: OptionListing, _ listing: Listing, _ expiry: CalendarDate, _ moment: Timestamp
    ) -> OpenInterestSnapshot {
        let chain = chain(options, listing, expiry, moment)
        let strikes = chain.strikes
        return OpenInterestSnapshot(
            symbol: listing.symbol, expiry: expiry, unit: .shares, lotSize: chain.lot, spot: chain.pricing.spot,
            strikes: strikes, listedStrikes: strikes.count, provenance: provenance(asOf: chain.step.time)
        )
    }

    /// The options of one expiry at the newest of the three-minute steps.
    func chain(
        _ options: OptionListing, _ listing: Listing, _ expiry: CalendarDate, _ moment: Timestamp
    ) -> OptionChain {
        let step = SnapshotSteps(calendar: calendar, segment: .derivatives).step(at: moment)
        let noise = paths.noise("options \(listing.symbol) \(expiry)")
        func contracts(_ session: TradingSession) -> OpenContracts {
            OpenContracts(
                date: session.date, expiry: expiry,
                reference: price(of: listing, at: Timestamp(milliseconds: session.opens.milliseconds - 1)),
                step: options.strikeStep, peak: OptionDepth.contracts(of: listing.symbol), noise: noise
            )
        }
        func pricing(_ session: TradingSession, at time: Timestamp) -> OptionPricing {
            let mood = 0.9 + 0.2 * noise.child(-1).fraction(session.date.daysSinceEpoch)
            return OptionPricing(
                spot: price(of: listing, at: time), volatility: listing.dailyVolatility * 15.9 * mood,
                secondsToExpiry: options.closing(on: expiry).seconds - time.seconds
            )
        }
        return OptionChain(
            today: contracts(step.session), yesterday: contracts(step.previous), step: step,
            lot: options.lotSize(expiring: expiry), pricing: pricing(step.session, at: step.time),
            pricingAtPreviousClose: pricing(step.previous, at: step.previous.closes)
        )
    }

    func options(of symbol: Symbol) throws(MarketDataError) -> OptionListing {
        _ = try universe.listing(symbol)
        if let options = OptionListing.of(symbol) { return options }
        throw MarketDataError(
            .notSupported, "the mock market lists no options on \(symbol)", source: .mock,
            suggestions: OptionListing.symbols.map(\.description)
        )
    }

    func notListed(
        _ expiry: CalendarDate?, _ listed: [CalendarDate], _ symbol: Symbol, _ moment: Timestamp
    ) -> MarketDataError {
        let requested = expiry.map(\.description) ?? "none"
        return .expiryNotListed(
            expiry, among: listed, "no options on \(symbol) that expire on \(requested) are listed at \(moment)",
            source: .mock)
    }
}

extension MockMarket: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) as of now, with last prices, volumes and the volatilities by which
    /// the market is made; every value is simulated.
    /// - Throws: `MarketDataError`, as `openInterest`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> MarketData.OptionChain {
        MarketData.OptionChain(snapshot: try openInterest(of: symbol, expiry: expiry, at: clock()))
    }
}

extension MockMarket {
    /// The call and the put of one strike at a moment, counted in shares, as of the newest of the three-minute steps: what
    /// `openInterest` reports it, without the rest of the chain. `nil` if it is not a strike of the underlying.
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
