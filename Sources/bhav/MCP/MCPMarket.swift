import BhavApp
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub
import MarketStore
import NIOCore

/// Carries out the calls of an assistant: reads from the market, changes nothing.
struct MCPMarket: Sendable {
    /// The largest result, in bytes; an assistant reads all of it.
    static let largest = 120_000

    let market: Market
    let now: WallClock

    /// Returns the result of a call as JSON.
    /// - Throws: `MarketDataError`.
    func call(_ tool: MCPTool, _ value: JSONValue?) async throws -> String {
        let arguments = try MCPArguments(value, of: tool, now: now())
        let response: any MarketResponse
        switch tool.name {
        case "search_symbols": response = try await search(arguments)
        case "get_bars": response = try await bars(arguments)
        case "get_quotes": response = try await quotes(arguments)
        case "list_expiries": response = try await expiries(arguments)
        case "get_open_interest": response = try await openInterest(arguments)
        case "get_option_chain": response = try await chain(arguments)
        case "get_put_call_ratio": response = try await ratios(arguments)
        case "get_coverage": response = try await coverage(arguments)
        default: response = status()
        }
        let bytes = response.encoded(as: .json).readableBytesView
        guard bytes.count <= MCPMarket.largest else {
            throw MarketDataError(
                .tooLarge,
                "the result has \(bytes.count) bytes, more than \(MCPMarket.largest); request fewer bars, "
                    + "fewer strikes or a shorter range")
        }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    private func symbol(_ arguments: MCPArguments) async throws -> Symbol {
        try await symbol(named: arguments.text("symbol") ?? "")
    }

    /// A bare ticker that the symbol book does not know is searched for; several matches are suggestions.
    private func symbol(named name: String) async throws -> Symbol {
        do throws(MarketDataError) {
            return try SymbolBook.symbol(name)
        } catch {
            guard error.code == .symbolNotFound else { throw error }
            return try await found(name, orElse: error)
        }
    }

    private func found(_ name: String, orElse error: MarketDataError) async throws -> Symbol {
        let better = await market.hub.proposing(error, for: name)
        let exact = Set(better.suggestions.compactMap { try? Symbol($0) }.filter { $0.ticker == name.uppercased() })
        if better != error, exact.count == 1, let symbol = exact.first { return symbol }
        throw better
    }

    private func search(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let text = try arguments.text("query") ?? ""
        guard !text.allSatisfy(\.isWhitespace) else { throw MarketDataError.badRequest("query is empty") }
        let limit = try arguments.count("limit", in: 1...MCPTool.mostSymbols) ?? 10
        let exchange = try arguments.text("exchange")?.uppercased()
        return InstrumentList(
            try await market.hub.matches(SymbolQuery(text: text, type: nil, exchange: exchange, limit: limit)))
    }

    private func bars(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        let count = try arguments.count("count", in: 1...MCPTool.mostBars)
        let range = try arguments.range(of: symbol)
        if count != nil, range != nil { throw MarketDataError.badRequest("count and from cannot be used together") }
        let hours = try arguments.text("session").map { text in
            guard let hours = TradingHours(rawValue: text) else {
                throw MarketDataError.badRequest("session '\(text)' must be regular or extended")
            }
            return hours
        }
        let request = BarRequest(
            symbol: symbol, interval: try arguments.interval(), span: range.map { .range($0) } ?? .count(count ?? 100),
            hours: hours ?? .regular)
        let series = try await market.hub.bars(request)
        guard series.bars.count <= MCPTool.mostBars else {
            throw MarketDataError(
                .tooLarge,
                "the range has \(series.bars.count) bars, at most \(MCPTool.mostBars) are sent; use a later from, "
                    + "an earlier to or a longer interval")
        }
        return series
    }

    private func quotes(_ arguments: MCPArguments) async throws -> any MarketResponse {
        var symbols: [Symbol] = []
        var refusals: [QuoteList.Refusal] = []
        for name in try arguments.texts("symbols", most: MCPTool.mostSymbols) {
            do { symbols.append(try await symbol(named: name)) } catch let error as MarketDataError {
                refusals.append(.init(name: name, error: error))
            }
        }
        guard !symbols.isEmpty else {
            return QuoteList(quotes: [], errors: refusals)
        }
        let response = await market.hub.quotes(of: symbols)
        return QuoteList(
            quotes: response.quotes,
            errors: refusals + response.failures.map { .init(symbol: $0.symbol, error: $0.error) })
    }

    private func expiries(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        return try await market.hub.expiries(of: symbol, at: arguments.moment(of: symbol))
    }

    private func openInterest(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        let strikes = try arguments.strikes()
        let at = try arguments.moment(of: symbol)
        let expiry = try await arguments.expiry()?.date(of: symbol, at: at, from: market.hub)
        let snapshot = try await market.hub.openInterest(
            OpenInterestRequest(symbol: symbol, expiry: expiry, at: at, strikes: strikes ?? .usual))
        return strikes == nil ? try snapshot.aroundTheMoney() : snapshot
    }

    private func chain(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        let strikes = try arguments.strikes()
        let rate = try arguments.number("rate").map { try ChainAnalysis.rate("\($0)", named: "rate") }
        let at = try arguments.moment(of: symbol)
        let expiry = try await arguments.expiry()?.date(of: symbol, at: at, from: market.hub)
        var chain = try await market.hub.optionChain(of: symbol, expiry: expiry, at: at)
        chain.snapshot =
            if let strikes { try chain.snapshot.holding(strikes) } else { try chain.snapshot.aroundTheMoney() }
        return OptionChainResponse(chain, rate: rate ?? ChainAnalysis.standardRate)
    }

    private func ratios(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        let expiry = try await arguments.expiry()?.date(of: symbol, from: market.hub)
        guard let range = try arguments.range(of: symbol) else {
            let snapshot = try await market.hub.openInterest(OpenInterestRequest(symbol: symbol, expiry: expiry))
            return PutCallRatioSeries(symbol: symbol, snapshots: [OpenInterestTotals(snapshot)])
        }
        let snapshots = try await market.hub.openInterestTotals(of: symbol, expiry: expiry, within: range)
        guard !snapshots.isEmpty else {
            throw MarketDataError(.noDataForTime, "no snapshots in that range; record them with bhav record")
        }
        return PutCallRatioSeries(symbol: symbol, snapshots: snapshots)
    }

    private func coverage(_ arguments: MCPArguments) async throws -> any MarketResponse {
        let symbol = try await symbol(arguments)
        guard let store = market.store?.store else {
            throw MarketDataError(
                .notSupported, "no coverage: there is no store in BHAV_DATA; create one with bhav backfill")
        }
        let key = SeriesKey(
            symbol: symbol, interval: try arguments.interval(), hours: .regular, adjustment: .splits,
            backAdjusted: false)
        return try await SeriesCoverage.survey(
            of: key, over: try arguments.range(of: symbol), in: store, calendars: market.configuration.calendars,
            now: arguments.now)
    }

    private func status() -> any MarketResponse {
        ListResponse(
            name: "sources",
            columns: ["source", "state", "since", "reason", "lastData", "reconnects", "budgetLeft", "lastError"],
            rows: market.hub.sources.map { report in
                [
                    .text(report.status.source.rawValue), .text(report.status.state.rawValue),
                    .text(report.status.since.description), .text(report.status.reason),
                    .text(report.status.lastData?.description), .integer(Int64(report.status.reconnects)),
                    .integer(report.budgetLeft.map(Int64.init)), .text(report.lastError.map { "\($0)" }),
                ]
            },
            facts: [
                ("time", .text(now().description)), ("simulated", .bool(market.configuration.useMockData)),
                ("store", .bool(market.store != nil)), ("version", .text(Release.version)),
            ])
    }
}

extension OpenInterestSnapshot {
    /// The strikes on either side of the money, as a table shows them.
    fileprivate func aroundTheMoney() throws(MarketDataError) -> OpenInterestSnapshot {
        let shown = StrikeOptions.aroundTheMoney(of: self)
        guard shown.count < strikes.count, let first = strikes[shown].first, let last = strikes[shown].last else {
            return self
        }
        return try holding(.range(from: first.strike, to: last.strike))
    }
}
