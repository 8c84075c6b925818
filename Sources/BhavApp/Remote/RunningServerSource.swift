import AsyncHTTPClient
import JSON
public import MarketData
import MarketFormats
import NIOCore

// A running server is a source of everything; its numbers keep the provenance that the server gave them.

extension RunningServer: BarHistoryProvider {
    public func bars(_ request: BarRequest) async throws -> BarSeries {
        var query = RunningServer.series(request)
        switch request.span {
        case .count(let count): query.append(("count", "\(count)"))
        case .range(let range): query += [("from", range.from.description), ("to", range.to.description)]
        }
        if request.backAdjusted { query.append(("backAdjust", "true")) }
        return try BarSeries(response: try await body("/v1/bars", query), to: request)
    }

    static func series(_ request: BarRequest) -> [Parameter] {
        var query: [Parameter] = [
            ("symbol", request.symbol.description), ("interval", request.interval.description),
            ("session", request.hours.rawValue), ("adjustment", request.adjustment.rawValue),
        ]
        if let currency = request.currency { query.append(("currency", currency)) }
        return query
    }

    /// Returns the coverage of the server's store.
    /// - Throws: `MarketDataError`.
    public func coverage(
        of series: BarRequest, over range: TimeRange?, onlyMissing: Bool
    ) async throws(MarketDataError) -> SeriesCoverage {
        var query = RunningServer.series(series)
        query.removeAll { $0.name == "currency" }
        if series.backAdjusted { query.append(("backAdjust", "true")) }
        if let range { query += [("from", range.from.description), ("to", range.to.description)] }
        if onlyMissing { query.append(("missing", "true")) }
        return try await json("/v1/coverage", query).coverage(of: series)
    }
}

extension RunningServer: SymbolSearchProvider {
    public func search(_ query: SymbolQuery) async throws -> [Instrument] { try await matches(query).instruments }

    public func matches(_ query: SymbolQuery) async throws -> SymbolMatches {
        var parameters: [Parameter] = [("query", query.text), ("limit", "\(min(query.limit, 500))")]
        if let type = query.type { parameters.append(("type", type)) }
        if let exchange = query.exchange { parameters.append(("exchange", exchange)) }
        return try await json("/v1/search", parameters).matches()
    }
}

extension RunningServer: PastExpiryProvider {
    public func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try await json("/v1/expiries", [("symbol", symbol.description)]).expiries()
    }

    public func expiries(of symbol: Symbol, at moment: Timestamp) async throws -> ExpiryList {
        try await json("/v1/expiries", [("symbol", symbol.description), ("at", moment.description)]).expiries()
    }

    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        var query = RunningServer.chain(request.symbol, request.expiry)
        if let at = request.at { query.append(("at", at.description)) }
        if let strikes = request.strikes.parameter { query.append(("strikes", strikes)) }
        return try await json("/v1/open-interest", query).snapshot()
    }

    /// The server sends totals of the past only: see `PutCallRatioCommand`.
    public func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        throw MarketDataError(
            .notSupported, "no past snapshots through BHAV_URL; use bhav oi --at for each moment, or unset BHAV_URL")
    }

    static func chain(_ symbol: Symbol, _ expiry: CalendarDate?) -> [Parameter] {
        [("symbol", symbol.description)] + (expiry.map { [("expiry", $0.description)] } ?? [])
    }
}

extension RunningServer: OptionChainProvider {
    public func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain {
        try await json("/v1/option-chain", RunningServer.chain(symbol, expiry)).chain()
    }
}

extension RunningServer: ContractHistoryProvider {
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        var query = RunningServer.chain(request.underlying, request.expiry)
        query += [("type", request.kind.word), ("interval", request.interval.description)]
        if let strike = request.kind.strike { query.append(("strike", strike.description)) }
        return try await json("/v1/contract-history", query).contractHistory(of: request)
    }
}

extension RunningServer: LiveFeedProvider {
    public func liveQuotes(of symbols: [Symbol]) async throws -> Feed<QuoteEvent> {
        let (feed, source) = Feed.ofQuotes()
        let query: [Parameter] = [
            ("channel", "quotes"), ("symbols", symbols.map(\.description).joined(separator: ",")),
        ]
        var decoder = QuoteEventDecoder()
        try await follow(query, source) { (message, _) throws(MarketDataError) in try decoder.events(message) }
        return feed
    }

    public func liveBars(_ request: BarRequest) async throws -> Feed<BarEvent> {
        let (feed, source) = Feed.ofBars()
        var query = RunningServer.series(request) + [("channel", "bars")]
        if case .count(let count) = request.span { query.append(("count", "\(count)")) }
        try await follow(query, source) { (message, bytes) throws(MarketDataError) in
            try message.barEvents(bytes, to: request)
        }
        return feed
    }

    /// Opens a stream and passes its events on until the reader or the server ends it. The hub subscribes again.
    private func follow<Event: Sendable>(
        _ query: [Parameter], _ source: FeedSource<Event>,
        _ decode: sending @escaping (RemoteValue, [UInt8]) throws(MarketDataError) -> [Event]
    ) async throws {
        let body = try await events(query)
        let task = Task {
            do {
                var lines = EventLines()
                for try await buffer in body {
                    for bytes in try lines.take(buffer.readableBytesView) {
                        guard let json = JSONValue(parsing: bytes) else {
                            throw RemoteValue.invalid("an event is not JSON")
                        }
                        let message = RemoteValue(json)
                        if let error = message.failure(bytes) { throw error }
                        for event in try decode(message, bytes) { source.send(event) }
                    }
                }
                source.finish(throwing: unreachable("the server ended the stream"))
            } catch let error as MarketDataError {
                source.finish(throwing: error)
            } catch {
                source.finish(throwing: unreachable("\(error)"))
            }
        }
        source.onAbandoned { task.cancel() }
    }
}

extension StrikeSelection {
    /// The value of the parameter `strikes`; `nil` for the default.
    fileprivate var parameter: String? {
        switch self {
        case .usual: nil
        case .all: "all"
        case .range(let from, let to): "\(from)-\(to)"
        }
    }
}
