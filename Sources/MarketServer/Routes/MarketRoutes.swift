import AsyncSupport
import MarketData
import MarketFormats
import MarketHub

/// Bars, quotes and search under `/v1`.
struct MarketRoutes: Sendable {
    let hub: MarketHub
    let limiter: ConcurrencyLimiter
    let limits: MarketServerConfiguration.Limits
    let cache: ResponseCache
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let span = ["from", "to"]
        return [
            .reusing(
                cache, "/v1/bars",
                ["symbol", "interval", "count"] + span + ["session", "adjustment", "backAdjust", "currency"],
                reading: { try $0.barRequest(now: clock()) }, named: { .bars($0) }, with: bars),
            .responding("/v1/quotes", ["symbols"], with: quotes),
            .responding("/v1/search", ["query", "type", "exchange", "limit"], with: search),
            .responding("/v1/expiries", ["symbol", "at"], with: expiries),
        ]
    }

    private func bars(_ request: BarRequest) async throws -> Reusable<any MarketResponse> {
        let bars = try await limiter.run { try await hub.reusableBars(request) }
        return Reusable(bars.value, validity: bars.validity)
    }

    private func quotes(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let list = try parameters.symbols(atMost: limits.symbols)
        let response = list.quotes(await hub.quotes(of: list.symbols, within: min(.seconds(10), limits.requestTime)))
        if response.quotes.isEmpty, let first = response.errors.first, response.errors.count == 1 { throw first.error }
        return response
    }

    private func search(_ parameters: QueryParameters) async throws -> any MarketResponse {
        guard let text = try parameters.words("query") else {
            throw MarketDataError.badRequest("the parameter 'query' is missing; write part of a ticker or a name")
        }
        let query = SymbolQuery(
            text: text, type: try parameters.text("type").map { try SymbolKind(word: $0).rawValue },
            exchange: try parameters.text("exchange")?.uppercased(),
            limit: try parameters.integer("limit", default: 50, in: 1...500))
        return InstrumentList(try await hub.matches(query))
    }

    private func expiries(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let symbol = try parameters.symbol()
        return try await hub.expiries(of: symbol, at: parameters.time("at", of: symbol, dateMeans: .end))
    }
}

extension QueryParameters {
    /// The requested bars.
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

/// The instruments that a client names, and the bare tickers among them that the symbol book does not know.
struct SymbolList: Hashable, Sendable {
    private enum Entry: Hashable, Sendable {
        case known(Symbol)
        case unknown(String, MarketDataError)
    }

    private var entries: [Entry] = []

    /// Reads the names.
    /// - Throws: `MarketDataError`: `badRequest` for a name that is malformed.
    init(_ names: [String]) throws(MarketDataError) {
        for name in names {
            do {
                entries.append(.known(try SymbolBook.symbol(name)))
            } catch  where error.code == .symbolNotFound {
                entries.append(.unknown(name, error))
            }
        }
    }

    /// The instruments, in the order named.
    var symbols: [Symbol] {
        entries.compactMap { if case .known(let symbol) = $0 { symbol } else { nil } }
    }

    /// The error of the first name, if no name is valid.
    var failure: MarketDataError? {
        guard symbols.isEmpty, case .unknown(_, let error) = entries.first else { return nil }
        return error
    }

    /// The response for the whole list: the quotes, and the errors in the order of the request.
    func quotes(_ response: QuoteResult) -> QuoteList {
        let failures = Dictionary(
            response.failures.map { ($0.symbol, $0.error) }, uniquingKeysWith: { first, _ in first })
        var seen: Set<String> = []
        var refusals: [QuoteList.Refusal] = []
        for entry in entries {
            let refusal: QuoteList.Refusal? =
                switch entry {
                case .known(let symbol): failures[symbol].map { .init(symbol: symbol, error: $0) }
                case .unknown(let name, let error): .init(name: name, error: error)
                }
            if let refusal, seen.insert(refusal.name).inserted { refusals.append(refusal) }
        }
        return QuoteList(quotes: response.quotes, errors: refusals)
    }
}

extension BarSeries {
    /// The same, for protocols that cannot report a gap: stored bars beside a range that could not be fetched would
    /// pass for all there is.
    /// - Throws: `MarketDataError`: the failure that left the gap.
    var unbroken: BarSeries {
        get throws {
            for gap in gaps {
                guard let code = MarketDataError.Code(rawValue: gap.reason) else { continue }
                let span = "could not fetch the bars from \(gap.range.from) to \(gap.range.to)"
                throw MarketDataError(code, span, source: provenance.source)
            }
            return self
        }
    }
}
