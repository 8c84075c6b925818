import MarketData
import MarketFormats
import MarketHub

/// Open interest, expiries and put-call ratio under `/v1`.
struct OpenInterestRoutes: Sendable {
    let hub: MarketHub
    let cache: ResponseCache
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let openInterest = Endpoint.reusing(
            cache, "/v1/open-interest", ["symbol", "expiry", "at", "strikes"],
            reading: { try $0.openInterestRequest() }, named: { .openInterest($0) }, with: openInterest)
        let history = Endpoint.responding(
            "/v1/open-interest/history", ["symbol", "expiry", "from", "to", "strike"], with: history)
        let ratio = Endpoint.responding(
            "/v1/put-call-ratio", ["symbol", "expiry", "from", "to"], with: putCallRatio)
        return [
            openInterest, openInterest.alias("/v1/oi"), history, history.alias("/v1/oi/history"), ratio,
            ratio.alias("/v1/pcr"),
            .responding("/v1/option-chain", ["symbol", "expiry", "at", "rate"], with: optionChain),
        ]
    }

    private func openInterest(_ request: OpenInterestRequest) async throws -> Reusable<any MarketResponse> {
        let snapshot = try await hub.reusableOpenInterest(request)
        return Reusable(snapshot.value, validity: snapshot.validity)
    }

    private func optionChain(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let rate = try parameters.rate()
        let symbol = try parameters.symbol()
        let expiry = try parameters.date("expiry")
        let moment = try parameters.time("at", of: symbol, dateMeans: .end)
        return OptionChainResponse(
            try await hub.optionChain(of: symbol, expiry: expiry, at: moment), rate: rate)
    }

    private func history(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let symbol = try parameters.symbol()
        guard let range = try parameters.range(of: symbol, now: clock()) else {
            throw MarketDataError.badRequest("the parameter 'from' is missing; write a date or an instant")
        }
        let strike = try parameters.strike()
        let snapshots = try await hub.openInterestTotals(
            of: symbol, expiry: parameters.date("expiry"), within: range, following: strike)
        if let strike { try check(strike, of: symbol, among: snapshots) }
        return OpenInterestHistory(symbol: symbol, snapshots: snapshots, strike: strike)
    }

    /// A strike that no snapshot has is a mistake of the asker, or lies outside of what the source serves.
    private func check(
        _ strike: Strike, of symbol: Symbol, among snapshots: [OpenInterestTotals]
    ) throws(MarketDataError) {
        guard let newest = snapshots.last, let window = newest.strikeWindow.value,
            snapshots.allSatisfy({ $0.followed == nil })
        else { return }
        throw MarketDataError(
            .badRequest,
            "the strike \(strike) of \(symbol) \(newest.expiry) is in no snapshot of that time; the newest has "
                + window.words, source: newest.provenance.source, suggestions: newest.nearestStrikes.map(\.description))
    }

    private func putCallRatio(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let symbol = try parameters.symbol()
        let expiry = try parameters.date("expiry")
        guard let range = try parameters.range(of: symbol, now: clock()) else {
            let request = OpenInterestRequest(symbol: symbol, expiry: expiry)
            return PutCallRatioSeries(symbol: symbol, snapshots: [try await hub.openInterest(request)])
        }
        let snapshots = try await hub.openInterestTotals(of: symbol, expiry: expiry, within: range)
        guard !snapshots.isEmpty else {
            throw MarketDataError(
                .noDataForTime, "there is no open interest of \(symbol) from \(range.from) to \(range.to)")
        }
        return PutCallRatioSeries(symbol: symbol, snapshots: snapshots)
    }
}

extension QueryParameters {
    /// The requested open interest.
    fileprivate func openInterestRequest() throws -> OpenInterestRequest {
        let symbol = try symbol()
        return OpenInterestRequest(
            symbol: symbol, expiry: try date("expiry"), at: try time("at", of: symbol, dateMeans: .end),
            strikes: try text("strikes").map { text throws(MarketDataError) in try StrikeSelection(text) } ?? .usual)
    }

    /// The requested interest rate.
    fileprivate func rate() throws(MarketDataError) -> Double {
        guard let text = try text("rate") else { return ChainAnalysis.standardRate }
        return try ChainAnalysis.rate(text, named: "the parameter 'rate'")
    }

    /// The requested strike.
    fileprivate func strike() throws(MarketDataError) -> Strike? {
        guard let text = try text("strike") else { return nil }
        guard let strike = Strike(text) else {
            throw .badRequest("strike must be a price, got '\(text)'; use 26000 or 112.5")
        }
        return strike
    }
}

/// The session of single contracts under `/v1`.
struct ContractRoutes: Sendable {
    let hub: MarketHub

    var endpoints: [Endpoint] {
        [
            .responding(
                "/v1/contract-history", ["symbol", "expiry", "strike", "type", "interval"], with: contractHistory)
        ]
    }

    private func contractHistory(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let interval = try parameters.text("interval") == nil ? .fiveMinutes : parameters.interval()
        return try await hub.contractHistory(
            ContractHistoryRequest(
                underlying: parameters.symbol(), expiry: parameters.date("expiry"), kind: parameters.contractKind(),
                interval: interval))
    }
}

extension QueryParameters {
    /// The kind of contract: `type`, and the strike that an option has.
    fileprivate func contractKind() throws(MarketDataError) -> DerivativeContract.Kind {
        var strike: Strike?
        if let text = try text("strike") {
            guard let price = Strike(text) else {
                throw .badRequest("strike must be a price, got '\(text)'; use 26000 or 112.5")
            }
            strike = price
        }
        return try DerivativeContract.Kind(required("type", "write call, put or future"), strike: strike)
    }
}
