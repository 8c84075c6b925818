public import MarketData

extension BarSeries {
    /// Reads the answer of a server's `/v1/bars`.
    /// - Throws: `MarketDataError.upstreamUnreadable` for anything else.
    public init(answer bytes: [UInt8], to request: BarRequest) throws(MarketDataError) {
        let json = try ImportJSON(answer: bytes)
        guard let provenance = Provenance(json), case .array(let items, _)? = json["bars"] else {
            throw .unreadableAnswer("it has no source or no bars")
        }
        var bars: [Bar] = []
        bars.reserveCapacity(items.count)
        for item in items {
            guard let time = item["time"]?.seconds, let open = item["open"]?.number, let high = item["high"]?.number,
                let low = item["low"]?.number, let close = item["close"]?.number
            else { throw .unreadableAnswer("a bar lacks its time or a price") }
            bars.append(
                Bar(
                    time: time, open: open, high: high, low: low, close: close, volume: item["volume"]?.number,
                    openInterest: item["openInterest"]?.number, isFinal: item["final"]?.text == "true"))
        }
        self.init(
            request: request, bars: bars, shortfall: json["reason"]?.text.flatMap(Shortfall.init(rawValue:)),
            gaps: json.items("gaps").compactMap { gap in
                guard let from = gap["from"]?.seconds, let to = gap["to"]?.seconds else { return nil }
                return Gap(range: TimeRange(from: from, to: to), reason: gap["reason"]?.text ?? "missing")
            }, provenance: provenance)
        builtFrom = json["builtFrom"]?.text.flatMap { try? Interval($0) }
        origins = json.items("origins").compactMap { origin in
            guard let from = origin["from"]?.seconds, let to = origin["to"]?.seconds, let given = Provenance(origin)
            else { return nil }
            return BarOrigin(first: from, last: to, provenance: given)
        }
    }
}

extension MarketDataError {
    /// Reads the error body of a server; `nil` where the bytes are none.
    public init?(answer bytes: [UInt8]) {
        guard let error = (try? ImportJSON(answer: bytes))?["error"], let text = error["code"]?.text,
            let code = Code(rawValue: text), let message = error["message"]?.text
        else { return nil }
        self.init(
            code, message, source: error["source"]?.text.flatMap(Provenance.Source.init(rawValue:)),
            suggestions: error.items("suggestions").compactMap(\.text))
    }

    static func unreadableAnswer(_ what: String) -> MarketDataError {
        MarketDataError(.upstreamUnreadable, "the server's answer cannot be read: \(what); is it a bhav server?")
    }
}

/// What a server says of one of its sources in `/v1/status`.
public struct ServerSource: Hashable, Sendable {
    /// The source's name.
    public let name: String
    /// `connected`, `idle`, `connecting`, `reconnecting` or `down`.
    public let state: String
    /// Why, where the server says so.
    public let reason: String?
    /// When the last data came, ISO 8601.
    public let lastData: String?
    /// The message of the last failure.
    public let lastError: String?

    /// Reads the answer of a server's `/v1/status`.
    /// - Throws: `MarketDataError.upstreamUnreadable`.
    public static func sources(answer bytes: [UInt8]) throws(MarketDataError) -> [ServerSource] {
        let json = try ImportJSON(answer: bytes)
        guard case .array(let items, _)? = json["sources"] else { throw .unreadableAnswer("it lists no sources") }
        return items.map { item in
            ServerSource(
                name: item["source"]?.text ?? "unknown", state: item["state"]?.text ?? "unknown",
                reason: item["reason"]?.filled, lastData: item["lastData"]?.filled,
                lastError: item["lastError"]?["message"]?.filled)
        }
    }
}

extension Provenance {
    fileprivate init?(_ json: ImportJSON) {
        guard let source = json["source"]?.text.flatMap(Source.init(rawValue:)),
            let mode = json["mode"]?.text.flatMap(Mode.init(rawValue:)),
            let asOf = json["asOf"]?.text.flatMap({ try? Timestamp($0, zone: nil, dateMeans: .start) })
        else { return nil }
        self.init(
            source: source, feed: json["feed"]?.filled, mode: mode,
            delaySeconds: json["delaySeconds"]?.text.flatMap { Int($0) },
            asOf: asOf)
    }
}

extension ImportJSON {
    fileprivate init(answer bytes: [UInt8]) throws(MarketDataError) {
        var reader = ImportJSONReader(bytes)
        guard let json = try? reader.next() else { throw .unreadableAnswer("it is not JSON") }
        self = json
    }

    fileprivate var number: Double? { text.flatMap { Double($0) } }
    fileprivate var seconds: Timestamp? { text.flatMap { Int64($0) }.map { Timestamp(seconds: $0) } }
    fileprivate var filled: String? { text.flatMap { $0.isEmpty ? nil : $0 } }

    fileprivate func items(_ name: String) -> [ImportJSON] {
        guard case .array(let items, _)? = self[name] else { return [] }
        return items
    }
}
