import MarketData
import MarketFormats
import MarketHub

/// The questions about the market under `/v1`.
struct MarketRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate
    let limits: MarketServerConfiguration.Limits
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let span = ["from", "to"]
        return [
            .answering(
                "/v1/bars",
                ["symbol", "interval", "count"] + span + ["session", "adjustment", "backAdjust", "currency"], with: bars
            ),
            .answering("/v1/quotes", ["symbols"], with: quotes),
            .answering("/v1/search", ["query", "type", "exchange", "limit"], with: search),
            .answering("/v1/expiries", ["symbol"], with: expiries),
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
            text: text, type: try parameters.text("type").map { try SymbolKind(word: $0).rawValue },
            exchange: try parameters.text("exchange")?.uppercased(),
            limit: try parameters.integer("limit", default: 50, in: 1...500))
        return InstrumentList(try await hub.matches(query))
    }

    private func expiries(_ parameters: QueryParameters) async throws -> any Answer {
        try await hub.expiries(of: parameters.symbol())
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
            backAdjusted: try word("backAdjust", default: Truth.no) == .yes, currency: try text("currency"))
    }
}

private enum Truth: String, CaseIterable {
    case yes = "true"
    case no = "false"
}
