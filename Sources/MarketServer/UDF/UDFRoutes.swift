import AsyncSupport
import HTTPTypes
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub
import NIOCore
import Synchronization

/// The data feed of TradingView's charting library (its "UDF" protocol) under `/udf`. Its failures are responses with
/// `s: "error"`, as the protocol has it.
struct UDFRoutes: Sendable {
    let hub: MarketHub
    let limiter: ConcurrencyLimiter
    let limits: MarketServerConfiguration.Limits
    let clock: @Sendable () -> Timestamp
    private let descriptions = InstrumentDescriptions()
    private let secondsAccess = SecondsAccess()
    private let rolls = RollCache()

    init(
        hub: MarketHub, limiter: ConcurrencyLimiter, limits: MarketServerConfiguration.Limits,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        (self.hub, self.limiter, self.limits, self.clock) = (hub, limiter, limits, clock)
    }

    /// What the library, and jQuery beneath old ones, add to any request.
    private static let tolerated = ["firstdatarequest", "_"]

    var endpoints: [Endpoint] {
        let span = ["symbol", "from", "to", "resolution"]
        return [
            Endpoint("/udf/config", UDFRoutes.tolerated) { _, _ in UDFResponse.configuration },
            Endpoint("/udf/time", UDFRoutes.tolerated) { _, _ in
                Response(bytes: ByteBuffer(string: String(clock().seconds)), type: "text/plain; charset=utf-8")
            },
            endpoint("/udf/symbols", ["symbol", "currencyCode", "unitId"], symbol),
            Endpoint("/udf/search", ["query", "type", "exchange", "limit"] + UDFRoutes.tolerated) { parameters, _ in
                try await search(parameters)
            },
            endpoint("/udf/history", span + ["countback", "currencyCode", "unitId"], history),
            endpoint("/udf/quotes", ["symbols"], quotes),
            endpoint("/udf/marks", span, marks),
            endpoint("/udf/timescale_marks", span, timescaleMarks),
        ]
    }

    private func endpoint(
        _ path: String, _ parameters: [String],
        _ make: @escaping @Sendable (QueryParameters) async throws -> (JSONWriter, HTTPFields)
    ) -> Endpoint {
        Endpoint(path, parameters + UDFRoutes.tolerated) { parameters, _ in
            let (json, headers) = try await make(parameters)
            var response = Response(json: json)
            response.headers.append(contentsOf: headers)
            return response
        }
    }

    private func symbol(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let currency = try parameters.currency()
        let found = try? await hub.search(SymbolQuery(text: symbol.ticker, exchange: symbol.exchange))
        // A search may not know the session and the delay of the data; a response with bars does, and proves that the
        // instrument has any.
        let request = BarRequest(symbol: symbol, interval: .oneDay, span: .count(1), currency: currency)
        let series = try await hub.bars(request)
        var instrument = found?.first { $0.symbol == symbol } ?? Instrument(symbol: symbol)
        if let reported = series.instrument { instrument = instrument.completed(by: reported) }
        if let currency { instrument.currency = currency }
        descriptions.note(instrument)
        return (
            UDFResponse.symbol(
                instrument, hasSeconds: await secondsAccess.isAllowed(for: symbol, hub, now: clock()),
                provenance: series.provenance, today: clock()),
            ProvenanceHeaders(series).fields
        )
    }

    private func search(_ parameters: QueryParameters) async throws -> Response {
        do {
            guard let text = try parameters.words("query") else { return Response(json: UDFResponse.found([])) }
            let query = SymbolQuery(
                text: text, type: try parameters.text("type").map { try SymbolKind(word: $0).rawValue },
                exchange: try parameters.text("exchange")?.uppercased(),
                limit: try parameters.integer("limit", default: 30, in: 1...500))
            let found = try await hub.search(query)
            for instrument in found { descriptions.note(instrument) }
            return Response(json: UDFResponse.found(found))
        } catch let error as MarketDataError {
            // The library reads an array whatever the status.
            var response = Response(json: UDFResponse.found([]), status: error.code.status)
            if let name = HTTPField.Name("Bhav-Errors") { response.headers[name] = error.code.rawValue }
            return response
        }
    }

    private func quotes(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let list = try parameters.symbols(atMost: limits.symbols)
        let response = await hub.quotes(of: list.symbols, within: min(.seconds(10), limits.requestTime))
        let quotes = list.quotes(response)
        return (UDFResponse.quotes(quotes) { descriptions[$0] }, ProvenanceHeaders(quotes).fields)
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
        let page = try await limiter.run { try await history.page(from: hub, now: clock()) }
        return (UDFResponse.history(page), page.series.map { ProvenanceHeaders($0).fields } ?? HTTPFields())
    }

    /// The rolls of a continuous future and the splits of a share, on their bars.
    private func marks(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let span = try parameters.chartSpan(now: clock())
        let interval = try parameters.resolution()
        guard span.from < span.to else { return (UDFResponse.marks([]), HTTPFields()) }
        let events = UDFBarEvents(symbol: symbol, interval: interval, span: span, rolls: rolls)
        let (marks, series) = try await limiter.run { try await events.marks(from: hub, now: clock()) }
        return (UDFResponse.marks(marks), series.map { ProvenanceHeaders($0).fields } ?? HTTPFields())
    }

    /// Expiries and holidays, on the axis of time.
    private func timescaleMarks(_ parameters: QueryParameters) async throws -> (JSONWriter, HTTPFields) {
        let symbol = try parameters.symbol()
        let span = try parameters.chartSpan(now: clock())
        _ = try parameters.resolution()
        var marks: [UDFMark] = []
        if ["NSE", "BSE"].contains(symbol.exchange) { marks += UDFMark.holidays(within: span) }
        // Most instruments have no options; the chart is complete without them.
        if let expiries = try? await hub.expiries(of: symbol) {
            marks += expiries.expiries.map(UDFMark.init(expiry:)).filter { span.from <= $0.time && $0.time < span.to }
        }
        return (UDFResponse.timescaleMarks(marks.sorted { $0.time < $1.time }), HTTPFields())
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
    /// This, with missing fields from another description of the same instrument.
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

/// Whether the sources allow this account bars of seconds, which depends on its plan and not on the instrument.
final class SecondsAccess: Sendable {
    /// How long a response stays valid, in seconds: a plan seldom changes.
    private static let lasts: Int64 = 900
    private let known = Mutex<[String: (isAllowed: Bool, until: Timestamp)]>([:])

    /// Requests one bar where it is not known. Only `not_entitled` means that they are not allowed.
    func isAllowed(for symbol: Symbol, _ hub: MarketHub, now: Timestamp) async -> Bool {
        if let last = known.withLock({ $0[symbol.exchange] }), now < last.until { return last.isAllowed }
        let request = BarRequest(symbol: symbol, interval: .oneSecond, span: .count(1))
        do {
            _ = try await hub.bars(request)
            note(true, symbol, now)
        } catch let error as MarketDataError where error.code == .notEntitled {
            note(false, symbol, now)
            return false
        } catch {
            // Not known, and so not refused.
        }
        return true
    }

    private func note(_ isAllowed: Bool, _ symbol: Symbol, _ now: Timestamp) {
        known.withLock { known in
            if known.count >= 100 { known.removeAll(keepingCapacity: true) }
            known[symbol.exchange] = (isAllowed, now.advanced(bySeconds: SecondsAccess.lasts))
        }
    }
}

/// A bounded cache of instrument descriptions found by searches.
final class InstrumentDescriptions: Sendable {
    private static let most = 2_000
    private let known = Mutex<[Symbol: String]>([:])

    func note(_ instrument: Instrument) {
        guard let description = instrument.description else { return }
        known.withLock { known in
            if known.count >= InstrumentDescriptions.most { known.removeAll(keepingCapacity: true) }
            known[instrument.symbol] = description
        }
    }

    subscript(symbol: Symbol) -> String {
        known.withLock { $0[symbol] }
            ?? SymbolBook.entries.first { $0.symbol == symbol }?.description ?? symbol.ticker
    }
}
