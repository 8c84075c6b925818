import MarketAnswers
import MarketData
import MarketHub

/// The questions about the market under `/v1`.
struct MarketRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate
    let limits: MarketServerConfiguration.Limits
    let clock: @Sendable () -> Timestamp

    /// Each path with its route.
    var routes: [String: Route] {
        let span = ["from", "to"]
        return [
            "/v1/bars": .answering(
                ["symbol", "interval", "count"] + span + ["session", "adjustment", "backAdjust"], with: bars),
            "/v1/quotes": .answering(["symbols"], with: quotes),
            "/v1/search": .answering(["query", "type", "exchange", "limit"], with: search),
            "/v1/expiries": .answering(["symbol"], with: expiries),
            "/v1/open-interest": .answering(["symbol", "expiry", "at"], with: openInterest),
            "/v1/open-interest/history": .answering(
                ["symbol", "expiry"] + span + ["strike"], with: openInterestHistory),
            "/v1/put-call-ratio": .answering(["symbol", "expiry"] + span, with: putCallRatio),
        ]
    }

    private func bars(_ parameters: QueryParameters) async throws -> any Answer {
        let request = try parameters.barRequest(now: clock())
        return try await gate.run { try await hub.bars(request) }
    }

    private func quotes(_ parameters: QueryParameters) async throws -> any Answer {
        let list = try parameters.symbols(atMost: limits.symbols)
        let answer = list.quotes(await hub.quotes(of: list.symbols, within: min(.seconds(10), limits.requestTime)))
        if answer.quotes.isEmpty, let first = answer.errors.first, answer.errors.count == 1 { throw first.error }
        return answer
    }

    private func search(_ parameters: QueryParameters) async throws -> any Answer {
        guard let text = try parameters.words("query") else {
            throw MarketDataError.badRequest("the parameter 'query' is missing; write part of a ticker or a name")
        }
        let query = SymbolQuery(
            text: text, type: try parameters.text("type")?.lowercased(),
            exchange: try parameters.text("exchange")?.uppercased(),
            limit: try parameters.integer("limit", default: 50, in: 1...500))
        return InstrumentList(try await hub.search(query))
    }

    private func expiries(_ parameters: QueryParameters) async throws -> any Answer {
        try await hub.expiries(of: parameters.symbol())
    }

    private func openInterest(_ parameters: QueryParameters) async throws -> any Answer {
        let symbol = try parameters.symbol()
        let moment = try parameters.time("at", of: symbol)
        return try await hub.openInterest(
            OpenInterestRequest(symbol: symbol, expiry: parameters.date("expiry"), at: moment))
    }

    private func openInterestHistory(_ parameters: QueryParameters) async throws -> any Answer {
        let symbol = try parameters.symbol()
        guard let range = try parameters.range(of: symbol, now: clock()) else {
            throw MarketDataError.badRequest("the parameter 'from' is missing; write a date or an instant")
        }
        let strike = try parameters.strike()
        let snapshots = try await hub.openInterestHistory(
            of: symbol, expiry: parameters.date("expiry"), within: range)
        return OpenInterestHistory(symbol: symbol, snapshots: snapshots, strike: strike)
    }

    private func putCallRatio(_ parameters: QueryParameters) async throws -> any Answer {
        let symbol = try parameters.symbol()
        let expiry = try parameters.date("expiry")
        guard let range = try parameters.range(of: symbol, now: clock()) else {
            let request = OpenInterestRequest(symbol: symbol, expiry: expiry)
            return PutCallRatioSeries(symbol: symbol, snapshots: [try await hub.openInterest(request)])
        }
        let snapshots = try await hub.openInterestHistory(of: symbol, expiry: expiry, within: range)
        guard !snapshots.isEmpty else {
            throw MarketDataError(
                .noDataForTime, "there is no open interest of \(symbol) from \(range.from) to \(range.to)")
        }
        return PutCallRatioSeries(symbol: symbol, snapshots: snapshots)
    }
}

extension QueryParameters {
    /// The bars that are asked for.
    func barRequest(now: Timestamp) throws(MarketDataError) -> BarRequest {
        let symbol = try symbol()
        let interval = try interval()
        let range = try range(of: symbol, now: now)
        if range != nil, try text("count") != nil {
            throw .badRequest("the parameters 'count' and 'from' are given together; give one of them")
        }
        let count = try integer("count", default: 300, in: 1...BarRequest.largestCount)
        return BarRequest(
            symbol: symbol, interval: interval, span: range.map { .range($0) } ?? .count(count),
            hours: try word("session", default: .regular), adjustment: try word("adjustment", default: .splits),
            backAdjusted: try word("backAdjust", default: Truth.no) == .yes)
    }

    /// The strike that is asked for.
    fileprivate func strike() throws(MarketDataError) -> Strike? {
        guard let text = try text("strike") else { return nil }
        guard let strike = Strike(text) else {
            throw .badRequest("the parameter 'strike' is '\(text)', which is no price; write 26000 or 112.5")
        }
        return strike
    }
}

private enum Truth: String, CaseIterable {
    case yes = "true"
    case no = "false"
}
