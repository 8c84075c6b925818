import HTTPTypes
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore

/// The data feed of TradingView's charting library (its "UDF" protocol) under `/udf`. Its failures are responses with
/// `s: "error"`, as the protocol has it.
struct UDFRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate
    let limits: MarketServerConfiguration.Limits
    let clock: @Sendable () -> Timestamp
    private let descriptions = InstrumentDescriptions()

    init(
        hub: MarketHub, gate: QuestionGate, limits: MarketServerConfiguration.Limits,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        (self.hub, self.gate, self.limits, self.clock) = (hub, gate, limits, clock)
    }

    /// What the library, and jQuery beneath old ones, add to any request.
    private static let tolerated = ["firstdatarequest", "_"]

    var endpoints: [Endpoint] {
        let span = ["symbol", "from", "to", "resolution"]
        return [
            Endpoint("/udf/config", UDFRoutes.tolerated) { _, _ in UDFAnswer.configuration },
            Endpoint("/udf/time", UDFRoutes.tolerated) { _, _ in
                Response(bytes: ByteBuffer(string: String(clock().seconds)), type: "text/plain; charset=utf-8")
            },
            answering("/udf/symbols", ["symbol", "currencyCode", "unitId"], symbol),
            Endpoint("/udf/search", ["query", "type", "exchange", "limit"] + UDFRoutes.tolerated) { parameters, _ in
                try await search(parameters)
            },
            answering("/udf/history", span + ["countback", "currencyCode", "unitId"], history),
            answering("/udf/quotes", ["symbols"], quotes),
            answering("/udf/marks", span, marks),
            answering("/udf/timescale_marks", span, timescaleMarks),
        ]
    }

    private func answering(
        _ path: String, _ parameters: [String],
        _ answer: @escaping @Sendable (QueryParameters) async throws -> (JSONWriter, HTTPFields)
    ) -> Endpoint {
        Endpoint(path, parameters + UDFRoutes.tolerated) { parameters, _ in
            let (json, headers) = try await answer(parameters)
            var response = Response(json: json)
            response.headers.append(contentsOf: headers)
            return response
        }
    }

    private func symbol(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let currency = try parameters.currency()
        let found = try? await hub.search(SymbolQuery(text: symbol.ticker, exchange: symbol.exchange))
        // A search may not know the session, nor how late the data are; a bar's answer does, and proves that the
        // instrument has any.
        let request = BarRequest(symbol: symbol, interval: .oneDay, span: .count(1), currency: currency)
        let series = try await hub.bars(request)
        var instrument = found?.first { $0.symbol == symbol } ?? Instrument(symbol: symbol)
        if let told = series.instrument { instrument = instrument.completed(by: told) }
        if let currency { instrument.currency = currency }
        descriptions.note(instrument)
        return (
            UDFAnswer.symbol(instrument, provenance: series.provenance, today: clock()),
            ProvenanceHeaders(series).fields
        )
    }

    private func search(_ parameters: QueryParameters) async throws -> Response {
        do {
            guard let text = try parameters.words("query") else { return Response(json: UDFAnswer.found([])) }
            let query = SymbolQuery(
                text: text, type: try parameters.text("type").map { try SymbolKind(word: $0).rawValue },
                exchange: try parameters.text("exchange")?.uppercased(),
                limit: try parameters.integer("limit", default: 30, in: 1...500))
            let found = try await hub.search(query)
            for instrument in found { descriptions.note(instrument) }
            return Response(json: UDFAnswer.found(found))
        } catch let error as MarketDataError {
            // The library reads an array whatever the status.
            var response = Response(json: UDFAnswer.found([]), status: error.code.status)
            if let name = HTTPField.Name("Bhav-Errors") { response.headers[name] = error.code.rawValue }
            return response
        }
    }

    private func quotes(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let list = try parameters.symbols(atMost: limits.symbols)
        let answer = await hub.quotes(of: list.symbols, within: min(.seconds(10), limits.requestTime))
        let quotes = list.quotes(answer)
        return (UDFAnswer.quotes(quotes) { descriptions[$0] }, ProvenanceHeaders(quotes).fields)
    }

    private func history(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        guard try parameters.text("unitId") == nil else {
            throw MarketDataError(.notSupported, "units are not converted; leave 'unitId' out")
        }
        let span = try parameters.chartSpan(now: clock())
        let history = UDFHistory(
            symbol: try parameters.symbol(), interval: try parameters.resolution(), from: span.from, to: span.to,
            countback: try parameters.text("countback") == nil
                ? nil : try parameters.integer("countback", default: 1, in: 1...BarRequest.largestCount),
            currency: try parameters.currency())
        let page = try await gate.run { try await history.page(from: hub, now: clock()) }
        return (UDFAnswer.history(page), page.series.map { ProvenanceHeaders($0).fields } ?? HTTPFields())
    }

    /// The rolls of a continuous future, on their bars.
    private func marks(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let span = try parameters.chartSpan(now: clock())
        _ = try parameters.resolution()
        guard symbol.ticker.hasSuffix("!"), span.from < span.to else { return (UDFAnswer.marks([]), HTTPFields()) }
        let request = BarRequest(symbol: symbol, interval: .oneDay, span: .range(span))
        let series = try await gate.run { try await hub.bars(request) }
        let rolls = (series.rolls ?? []).filter { span.from <= $0.time && $0.time < span.to }
        return (UDFAnswer.marks(rolls.map(UDFMark.init)), ProvenanceHeaders(series).fields)
    }

    /// Expiries and holidays, on the axis of time.
    private func timescaleMarks(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let span = try parameters.chartSpan(now: clock())
        _ = try parameters.resolution()
        var marks: [UDFMark] = []
        if ["NSE", "BSE"].contains(symbol.exchange) { marks += UDFMark.holidays(within: span) }
        // Most instruments have no options, which is no failure of the chart.
        if let expiries = try? await hub.expiries(of: symbol) {
            marks += expiries.expiries.map(UDFMark.init(expiry:)).filter { span.from <= $0.time && $0.time < span.to }
        }
        return (UDFAnswer.timescaleMarks(marks.sorted { $0.time < $1.time }), HTTPFields())
    }
}

extension QueryParameters {
    fileprivate func resolution() throws(MarketDataError) -> Interval {
        try Interval(required("resolution", "write one such as 1, 5, 60 or 1D"))
    }

    fileprivate func currency() throws(MarketDataError) -> String? {
        guard let code = try text("currencyCode")?.uppercased() else { return nil }
        guard code.count == 3, code.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw .badRequest("currencyCode must be three letters such as INR, got '\(code)'")
        }
        return code
    }

    fileprivate func chartSpan(now: Timestamp) throws(MarketDataError) -> TimeRange {
        let bounds = -4_000_000_000...8_000_000_000
        return TimeRange(
            from: Timestamp(seconds: Int64(try integer("from", default: 0, in: bounds))),
            to: Timestamp(seconds: Int64(try integer("to", default: Int(now.seconds) + 1, in: bounds))))
    }
}

extension Instrument {
    /// This, with what it lacks from another description of the same instrument.
    fileprivate func completed(by other: Instrument) -> Instrument {
        var whole = self
        whole.description = description ?? other.description
        whole.type = type ?? other.type
        whole.currency = currency ?? other.currency
        whole.timeZone = other.timeZone ?? timeZone
        whole.session = other.session ?? session
        whole.hasVolume = other.hasVolume ?? hasVolume
        whole.priceScale = other.priceScale ?? priceScale
        whole.minimumMove = other.minimumMove ?? minimumMove
        return whole
    }
}
