import JSON
import MarketData
import MarketFormats
import Synchronization

/// A JSON value of a server's response, read strictly: what a bhav server always sends must be there.
struct RemoteValue {
    let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    static func invalid(_ what: String) -> MarketDataError {
        MarketDataError(
            .upstreamUnreadable, "invalid response from the server: \(what); check that BHAV_URL is a bhav server")
    }

    subscript(name: String) -> RemoteValue { RemoteValue(json[name] ?? .null) }

    var isNull: Bool { json.isNull }
    var number: Double? { json.double }
    var integer: Int? { json.integer }
    var text: String? { json.string?.printable }
    var seconds: Timestamp? { json.integer.map { Timestamp(seconds: Int64($0)) } }
    var items: [RemoteValue] { (json.array ?? []).map(RemoteValue.init) }
    var texts: [String] { items.compactMap(\.text) }

    /// A value made of a text.
    /// - Throws: `MarketDataError` where the text is missing or cannot be read.
    func read<Value>(_ name: String, _ make: (String) throws -> Value?) throws(MarketDataError) -> Value {
        guard let value = try? self[name].text.flatMap(make) else { throw RemoteValue.invalid("no valid '\(name)'") }
        return value
    }

    func list(_ name: String) throws(MarketDataError) -> [RemoteValue] {
        guard self[name].json.array != nil else { throw RemoteValue.invalid("no list '\(name)'") }
        return self[name].items
    }

    func symbol(_ name: String = "symbol") throws(MarketDataError) -> Symbol { try read(name) { try Symbol($0) } }

    func strike(_ name: String) throws(MarketDataError) -> Strike {
        guard let price = self[name].number, let strike = Strike(price.shortest) else {
            throw RemoteValue.invalid("no valid '\(name)'")
        }
        return strike
    }

    func date(_ name: String) throws(MarketDataError) -> CalendarDate { try read(name) { CalendarDate($0) } }

    private static func instant(_ text: String) throws -> Timestamp {
        try Timestamp(text, zone: nil, dateMeans: .start)
    }

    /// The provenance; where the server's source is not at its built-in address this process says so too.
    func provenance() throws(MarketDataError) -> Provenance {
        let source: Provenance.Source = try read("source", Provenance.Source.init(rawValue:))
        if let via = self["via"].text { MovedSources.note(source, via) }
        return Provenance(
            source: source, feed: self["feed"].text, mode: try read("mode", Provenance.Mode.init(rawValue:)),
            delaySeconds: self["delaySeconds"].integer, asOf: try read("asOf", RemoteValue.instant))
    }
}

/// The addresses of moved sources that servers have reported.
private enum MovedSources {
    private static let known = Mutex<[Provenance.Source: String]>([:])

    static func note(_ source: Provenance.Source, _ via: String) {
        let all = known.withLock { known in
            known[source] = via
            return known
        }
        SourceAddresses.install(all)
    }
}

extension RemoteValue {
    func matches() throws(MarketDataError) -> SymbolMatches {
        var instruments: [Instrument] = []
        for item in try list("symbols") {
            instruments.append(
                Instrument(
                    symbol: try item.symbol(), description: item["description"].text, type: item["type"].text,
                    currency: item["currency"].text, country: item["country"].text))
        }
        return SymbolMatches(
            instruments, source: self["source"].text.flatMap(Provenance.Source.init(rawValue:)),
            note: self["note"].text)
    }

    func expiries() throws(MarketDataError) -> ExpiryList {
        ExpiryList(
            symbol: try symbol(), expiries: self["expiries"].texts.compactMap { CalendarDate($0) },
            standard: self["default"].text.flatMap { CalendarDate($0) }, provenance: try provenance())
    }

    func snapshot() throws(MarketDataError) -> OpenInterestSnapshot {
        var strikes: [OptionStrike] = []
        for row in try list("strikes") {
            strikes.append(
                OptionStrike(strike: try row.strike("strike"), call: row["call"].optionData, put: row["put"].optionData)
            )
        }
        return OpenInterestSnapshot(
            symbol: try symbol(), expiry: try date("expiry"),
            unit: try read("unit", OpenInterestUnit.init(rawValue:)), lotSize: self["lotSize"].integer,
            spot: self["spot"].number, strikes: strikes, listedStrikes: self["strikeRange"]["listed"].integer,
            provenance: try provenance(), notes: self["notes"].texts)
    }

    private var optionData: OptionData? {
        guard !isNull else { return nil }
        return OptionData(
            openInterest: self["openInterest"].number, change: self["change"].number,
            previous: self["previous"].number, last: self["last"].number, volume: self["volume"].number,
            impliedVolatility: self["impliedVolatility"].number, priceChange: self["priceChange"].number,
            bid: self["bid"].number, ask: self["ask"].number)
    }

    func chain() throws(MarketDataError) -> OptionChain {
        let own = self["sourceFigures"]
        let names: [(PutCallRatio.Basis, String)] = [
            (.openInterest, "putCallRatio"), (.change, "putCallRatioOfChange"), (.volume, "putCallRatioOfVolume"),
        ]
        var ratios: [PutCallRatio.Basis: Double] = [:]
        for (basis, name) in names { ratios[basis] = own[name].number }
        return OptionChain(
            snapshot: try snapshot(), sourceRatios: ratios,
            sourceMaxPain: own["maxPain"].isNull ? nil : try own.strike("maxPain"),
            sourceGreeks: try own["greeksModel"].text.map { model throws(MarketDataError) in try sourceGreeks(model) })
    }

    private func sourceGreeks(_ model: String) throws(MarketDataError) -> SourceGreeks {
        var rows: [Strike: SourceGreeks.Row] = [:]
        for row in self["strikes"].items {
            let (call, put) = (row["call"]["sourceGreeks"].greeks, row["put"]["sourceGreeks"].greeks)
            if call != nil || put != nil { rows[try row.strike("strike")] = SourceGreeks.Row(call: call, put: put) }
        }
        return SourceGreeks(model: model, strikes: rows)
    }

    private var greeks: SourceGreeks.Values? {
        guard !isNull else { return nil }
        return SourceGreeks.Values(
            delta: self["delta"].number, gamma: self["gamma"].number, theta: self["theta"].number,
            vega: self["vega"].number, rho: self["rho"].number)
    }

    func contractHistory(of request: ContractHistoryRequest) throws(MarketDataError) -> ContractHistory {
        var points: [ContractPoint] = []
        for point in try list("points") {
            guard let time = point["time"].seconds else { throw RemoteValue.invalid("a point without 'time'") }
            points.append(
                ContractPoint(
                    time: time, isFinal: point["final"].json.bool ?? false, price: point["price"].number,
                    openInterest: point["openInterest"].number, change: point["change"].number,
                    volume: point["volume"].number, buildUp: point["buildUp"].text))
        }
        return ContractHistory(
            contract: DerivativeContract(
                underlying: try symbol(), expiry: try date("expiry"), kind: request.kind),
            interval: request.interval, tradingDay: try date("tradingDay"),
            unit: try read("unit", OpenInterestUnit.init(rawValue:)), lotSize: self["lotSize"].integer,
            points: points, provenance: try provenance())
    }

    func coverage(of series: BarRequest) throws(MarketDataError) -> SeriesCoverage {
        var spans: [SeriesCoverage.Span] = []
        for span in try list("spans") {
            guard let from = span["from"].seconds, let to = span["to"].seconds, from <= to else {
                throw RemoteValue.invalid("a span without 'from' and 'to'")
            }
            spans.append(
                SeriesCoverage.Span(
                    range: TimeRange(from: from, to: to),
                    state: try span.read("state", SeriesCoverage.State.init(rawValue:)), reason: span["reason"].text))
        }
        let missing = spans.count { $0.state == .missing }
        let isUnjudged = self["complete"].isNull
        let isComplete = self["complete"].json.bool ?? isUnjudged
        return SeriesCoverage(
            request: series, asOf: try read("asOf", RemoteValue.instant),
            isJudgedByCalendar: self["calendar"].json.bool ?? false,
            unjudged: isUnjudged ? "the server cannot judge it" : nil, spans: spans,
            missingSpans: isComplete ? 0 : max(missing, (self["missingBars"].integer ?? 0) > 0 ? 1 : 0),
            missingBars: self["missingBars"].integer ?? 0, bars: self["bars"].integer ?? 0,
            first: self["first"].seconds, last: self["last"].seconds, revisions: self["revisions"].integer ?? 0)
    }
}

// Messages of a stream.

extension RemoteValue {
    /// The error that ends the whole subscription; `nil` for any other message.
    func failure(_ bytes: [UInt8]) -> MarketDataError? {
        guard self["type"].text == "error", self["symbol"].isNull else { return nil }
        return MarketDataError(response: bytes)
    }

    /// The status of a source; `nil` for any other message.
    fileprivate var status: SourceStatus? {
        guard self["type"].text == "status",
            let source = self["source"].text.flatMap(Provenance.Source.init(rawValue:)),
            let state = self["state"].text.flatMap(SourceStatus.State.init(rawValue:)),
            let since = self["since"].text.flatMap({ try? RemoteValue.instant($0) })
        else { return nil }
        // A server reports changes only, so that a source that is connected now was not before.
        return SourceStatus(
            source: source, state: state, since: since, reason: self["reason"].text,
            reconnects: state == .connected ? 1 : 0)
    }

    fileprivate func quote() throws(MarketDataError) -> Quote {
        var quote = Quote(symbol: try symbol(), provenance: try provenance())
        quote.last = self["last"].number
        quote.lastTime = self["lastTime"].seconds
        quote.bid = self["bid"].number
        quote.ask = self["ask"].number
        quote.open = self["open"].number
        quote.high = self["high"].number
        quote.low = self["low"].number
        quote.previousClose = self["previousClose"].number
        quote.change = self["change"].number
        quote.changePercent = self["changePercent"].number
        quote.volume = self["volume"].number
        quote.openInterest = self["openInterest"].number
        quote.session = self["session"].text
        return quote
    }

    private func bar() throws(MarketDataError) -> Bar {
        guard let time = self["time"].seconds, let open = self["open"].number, let high = self["high"].number,
            let low = self["low"].number, let close = self["close"].number
        else { throw RemoteValue.invalid("a bar without its time or a price") }
        return Bar(
            time: time, open: open, high: high, low: low, close: close, volume: self["volume"].number,
            openInterest: self["openInterest"].number, isFinal: self["final"].json.bool ?? false)
    }

    private func range() throws(MarketDataError) -> TimeRange {
        guard let from = self["from"].seconds, let to = self["to"].seconds, from <= to else {
            throw RemoteValue.invalid("a message without 'from' and 'to'")
        }
        return TimeRange(from: from, to: to)
    }

    /// The events of a message of a bar subscription.
    func barEvents(_ bytes: [UInt8], to request: BarRequest) throws(MarketDataError) -> [BarEvent] {
        switch self["type"].text {
        case "snapshot": return [.snapshot(try BarSeries(response: bytes, to: request))]
        case "bar": return [.bar(try self["bar"].bar())]
        case "gap": return [.gap(try range())]
        case "repaired":
            var bars: [Bar] = []
            for item in self["bars"].items { bars.append(try item.bar()) }
            return [.repaired(try range(), bars)]
        case "status": return status.map { [.status($0)] } ?? []
        default: return []
        }
    }
}

/// Turns the messages of a quote subscription into events. A message has the changed fields only, so the decoder keeps the
/// others.
struct QuoteEventDecoder {
    private var known: [String: [String: JSONValue]] = [:]

    mutating func events(_ message: RemoteValue) throws(MarketDataError) -> [QuoteEvent] {
        switch message["type"].text {
        case "snapshot":
            var events: [QuoteEvent] = []
            for item in message["quotes"].items { events.append(.quote(try merged(item))) }
            for item in message["errors"].items { if let event = item.refusal { events.append(event) } }
            return events
        case "quote": return [.quote(try merged(message["quote"]))]
        case "error": return message.refusal.map { [$0] } ?? []
        case "status": return message.status.map { [.status($0)] } ?? []
        default: return []
        }
    }

    private mutating func merged(_ change: RemoteValue) throws(MarketDataError) -> Quote {
        guard let symbol = change["symbol"].text, let fields = change.json.object else {
            throw RemoteValue.invalid("a quote without a symbol")
        }
        let all = known[symbol, default: [:]].merging(fields) { $1 }
        known[symbol] = all
        return try RemoteValue(.object(all)).quote()
    }
}

extension RemoteValue {
    /// Why an instrument has no quote.
    fileprivate var refusal: QuoteEvent? {
        guard let symbol = try? symbol(), let error = MarketDataError(response: json.encoded()) else { return nil }
        return .refused(symbol, error)
    }
}

/// Cuts a stream of server-sent events into the data of its events; a bhav server sends one line of data per event.
struct EventLines {
    /// The longest event, in bytes.
    private static let longest = 64 << 20
    private var rest: [UInt8] = []

    mutating func take(_ bytes: some Sequence<UInt8>) throws(MarketDataError) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                rest.append(byte)
                continue
            }
            if rest.starts(with: Array("data:".utf8)) { found.append(Array(rest.dropFirst(5))) }
            rest.removeAll(keepingCapacity: true)
        }
        guard rest.count <= EventLines.longest else { throw RemoteValue.invalid("an event of more than 64 MB") }
        return found
    }
}
