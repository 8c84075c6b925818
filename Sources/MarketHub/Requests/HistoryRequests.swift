public import MarketData
import MarketHistory

extension MarketHub {
    /// The requested bars, from the first source that has them.
    /// - Throws: `MarketDataError`.
    public func bars(_ request: BarRequest) async throws -> BarSeries { try await reusableBars(request).value }

    /// The same, with the time in which a new request would return the same; none where the first source failed.
    /// - Throws: `MarketDataError`.
    package func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        try request.validate()
        let time = Validity(clock: clock)
        if case .range(let range) = request.span, range.from > clock() {
            throw MarketDataError(.noDataForTime, "the range begins in the future, at \(range.from)")
        }
        var tried = 0
        var bars: Reusable<BarSeries>
        if let storedHistory {
            bars = try await storedHistory.reusableBars(request)
        } else {
            bars = try await history.fetch(
                { provider in
                    tried += 1
                    return try await provider.barsWithValidity(request)
                }, sourceOf: \.value.provenance.source)
        }
        bars.validity = tried > 1 ? nil : bars.validity.map(time.limited)
        return bars
    }

    /// The requested bars from the first source that has them, past the store: what it does not keep, such as rolls, is
    /// with them.
    /// - Throws: `MarketDataError`.
    public func barsFromSources(_ request: BarRequest) async throws -> BarSeries {
        try request.validate()
        return try await history.fetch({ try await $0.bars(request) }, sourceOf: \.provenance.source)
    }

    /// The option expiries of an underlying.
    /// - Throws: `MarketDataError`.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try await openInterest.fetchHedged({ try await $0.expiries(of: symbol) }, sourceOf: \.provenance.source)
    }

    /// The option expiries of an underlying as they were listed at a moment (`nil`: now). Where no source knows, those of
    /// which the store has open interest of that moment.
    /// - Throws: `MarketDataError`; `noDataForTime` where nothing is known of the moment.
    public func expiries(of symbol: Symbol, at moment: Timestamp?) async throws -> ExpiryList {
        guard let moment else { return try await expiries(of: symbol) }
        let now = clock()
        guard moment <= now else { throw MarketDataError.inFuture(moment, now: now) }
        if let cachedOpenInterest { return try await cachedOpenInterest.expiries(of: symbol, at: moment) }
        return try await OpenInterestSources(failover: openInterest).expiries(
            of: symbol, at: moment, isPresent: asOfRule.isSameSession(moment, clock()))
    }

    /// Open interest of one expiry at one moment.
    /// - Throws: `MarketDataError`.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await reusableOpenInterest(request).value
    }

    /// The same, with the time in which a new request would return the same; none for a past moment, or where the first
    /// source failed.
    /// - Throws: `MarketDataError`.
    package func reusableOpenInterest(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot> {
        let time = Validity(clock: clock)
        guard let ended = endOfTrading(request, now: time.moment) else {
            var snapshot = try await openInterestAsRequested(request)
            snapshot.validity = snapshot.validity.map(time.limited)
            return snapshot
        }
        var last = request
        last.at = ended
        do {
            return Reusable(try await openInterestAsRequested(last).value)
        } catch let error as MarketDataError {
            guard let kept = try await cachedOpenInterest?.lastKept(request) else { throw error }
            return Reusable(try kept.holding(request.strikes))
        }
    }

    /// When a past expiry ceased to trade: a request for it without a moment means its last values.
    private func endOfTrading(_ request: OpenInterestRequest, now: Timestamp) -> Timestamp? {
        let calendar = asOfRule.calendar
        guard request.at == nil, let expiry = request.expiry, expiry < calendar.date(at: now) else { return nil }
        return calendar.expiryClose(expiry)
    }

    private func openInterestAsRequested(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot>
    {
        var snapshot =
            if let cachedOpenInterest { try await cachedOpenInterest.reusableOpenInterest(request) } else {
                try await openInterestWithoutCache(request)
            }
        snapshot.value = try snapshot.value.holding(request.strikes)
        return snapshot
    }

    /// The current values from the sources; for a past moment what they know of it, by the same rule as with a store.
    private func openInterestWithoutCache(
        _ request: OpenInterestRequest
    ) async throws -> Reusable<OpenInterestSnapshot> {
        let sources = OpenInterestSources(failover: openInterest)
        guard let moment = request.at else { return try await sources.now(request) }
        let now = clock()
        guard moment <= now else { throw MarketDataError.inFuture(moment, now: now) }
        return Reusable(try await sources.known(request, at: moment, asOfRule))
    }

    /// The snapshots of one expiry within a range, in time order.
    /// - Throws: `MarketDataError`.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        guard range.from < range.to else {
            throw MarketDataError.badRequest("the range from \(range.from) to \(range.to) is empty")
        }
        if let cachedOpenInterest {
            return try await cachedOpenInterest.openInterestHistory(of: symbol, expiry: expiry, within: range)
        }
        return try await openInterest.fetch {
            try await $0.openInterestHistory(of: symbol, expiry: expiry, within: range)
        } sourceOf: {
            $0.last?.provenance.source
        }
    }

    /// The instruments that match, best first.
    /// - Throws: `MarketDataError`.
    public func search(_ query: SymbolQuery) async throws -> [Instrument] {
        try await matches(query).instruments
    }

    /// The instruments that match, with who found them and how.
    /// - Throws: `MarketDataError`.
    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches {
        guard query.text.utf8.count <= MarketHub.longestSearch else {
            throw MarketDataError.badRequest("the search text is longer than \(MarketHub.longestSearch) bytes")
        }
        return try await symbolSearch.fetch({ try await $0.matches(query) }, sourceOf: \.source)
    }

    /// The most bytes of a text to search for; names of instruments are shorter.
    private static let longestSearch = 256
}

extension MarketHub: ContractHistoryProvider {
    /// Price and open interest of one contract through the newest session, from the first source that has them.
    /// - Throws: `MarketDataError`.
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        try await contractHistories.fetch(
            { try await $0.contractHistory(request) }, sourceOf: \.provenance.source)
    }
}

extension MarketHub: OptionChainProvider {
    /// The chain of one expiry (`nil`: the nearest) with current prices, from the first source that has it.
    /// - Throws: `MarketDataError`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        try await optionChains.fetchHedged(
            { try await $0.optionChain(of: symbol, expiry: expiry) }, sourceOf: \.snapshot.provenance.source)
    }

    /// The chain of one expiry (`nil`: the nearest) at a moment (`nil`: now). A past chain is the snapshot of open interest
    /// that was known then; what only a chain of a source has, such as its own greeks, is not recorded.
    /// - Throws: `MarketDataError`.
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?, at moment: Timestamp?) async throws -> OptionChain
    {
        guard let moment else { return try await optionChain(of: symbol, expiry: expiry) }
        return OptionChain(
            snapshot: try await openInterest(OpenInterestRequest(symbol: symbol, expiry: expiry, at: moment)))
    }
}

extension MarketHub {
    /// The totals of the snapshots of one expiry within a range, and one strike of each where one is followed, in time
    /// order. Of a long history no more than a page of whole snapshots is in memory at once.
    /// - Throws: `MarketDataError`, as `openInterestHistory`.
    public func openInterestTotals(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange, following strike: Strike? = nil
    ) async throws -> [OpenInterestTotals] {
        guard range.from < range.to else {
            throw MarketDataError.badRequest("the range from \(range.from) to \(range.to) is empty")
        }
        if let cachedOpenInterest {
            return try await cachedOpenInterest.history(of: symbol, expiry: expiry, within: range) {
                OpenInterestTotals($0, following: strike)
            }
        }
        return try await openInterestHistory(of: symbol, expiry: expiry, within: range).map {
            OpenInterestTotals($0, following: strike)
        }
    }
}
