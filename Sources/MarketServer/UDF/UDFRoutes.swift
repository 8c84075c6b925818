import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore

/// The data feed of TradingView's charting library (its "UDF" protocol) under `/udf`. Its failures are answers with
/// `s: "error"`, as the protocol has it.
struct UDFRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate
    let limits: MarketServerConfiguration.Limits
    let clock: @Sendable () -> Timestamp

    /// Each path with its route.
    var routes: [String: Route] {
        [
            "/udf/config": Route { _ in UDFAnswer.configuration },
            "/udf/time": Route { _ in
                Response(bytes: ByteBuffer(string: String(clock().seconds)), type: "text/plain; charset=utf-8")
            },
            "/udf/symbols": answering(["symbol"], symbol),
            "/udf/search": answering(["query", "type", "exchange", "limit"], search),
            "/udf/history": answering(
                ["symbol", "resolution", "from", "to", "countback", "currencyCode", "unitId"], history),
            "/udf/quotes": answering(["symbols"], quotes),
        ]
    }

    private func answering(
        _ parameters: [String], _ answer: @escaping @Sendable (QueryParameters) async throws -> JSONWriter
    ) -> Route {
        Route(parameters) { parameters in
            do {
                return Response(json: try await answer(parameters))
            } catch let error as MarketDataError {
                return UDFAnswer.failure(error)
            }
        }
    }

    private func symbol(_ parameters: QueryParameters) async throws -> JSONWriter {
        let symbol = try parameters.symbol()
        let found = try? await hub.search(SymbolQuery(text: symbol.ticker, exchange: symbol.exchange))
        if let instrument = found?.first(where: { $0.symbol == symbol }), instrument.session != nil {
            return UDFAnswer.symbol(instrument)
        }
        // A search may not know the session; a bar's answer does, and proves that the instrument has any.
        let series = try await hub.bars(BarRequest(symbol: symbol, interval: .oneDay, span: .count(1)))
        let instrument = series.instrument ?? found?.first { $0.symbol == symbol } ?? Instrument(symbol: symbol)
        return UDFAnswer.symbol(instrument)
    }

    private func search(_ parameters: QueryParameters) async throws -> JSONWriter {
        let query = SymbolQuery(
            text: try parameters.words("query") ?? "", type: try parameters.text("type"),
            exchange: try parameters.text("exchange")?.uppercased(),
            limit: try parameters.integer("limit", default: 30, in: 1...500))
        guard !query.text.isEmpty else { return UDFAnswer.found([]) }
        return UDFAnswer.found(try await hub.search(query))
    }

    private func quotes(_ parameters: QueryParameters) async throws -> JSONWriter {
        let list = try parameters.symbols(atMost: limits.symbols)
        let answer = await hub.quotes(of: list.symbols, within: min(.seconds(10), limits.requestTime))
        return UDFAnswer.quotes(list.quotes(answer))
    }

    private func history(_ parameters: QueryParameters) async throws -> JSONWriter {
        let resolution = try parameters.required("resolution", "write one such as 1, 5, 60 or 1D")
        let bars = UDFHistory(
            symbol: try parameters.symbol(), interval: try Interval(resolution),
            from: Timestamp(
                seconds: Int64(try parameters.integer("from", default: 0, in: -4_000_000_000...8_000_000_000))),
            to: Timestamp(
                seconds: Int64(
                    try parameters.integer(
                        "to", default: Int(clock().seconds) + 1, in: -4_000_000_000...8_000_000_000))),
            countback: try parameters.text("countback") == nil
                ? nil : try parameters.integer("countback", default: 1, in: 1...BarRequest.largestCount))
        return UDFAnswer.history(try await gate.run { try await bars.page(from: hub, now: clock()) })
    }
}
