import JSON
public import MarketData

extension BarSeries {
    /// Reads a server's response to `/v1/bars`.
    /// - Throws: `MarketDataError.upstreamUnreadable` for anything else.
    public init(response bytes: [UInt8], to request: BarRequest) throws(MarketDataError) {
        let json = try JSONValue(response: bytes)
        guard let provenance = Provenance(json), let items = json["bars"]?.array else {
            throw .unreadableResponse("it has no source or no bars")
        }
        var bars: [Bar] = []
        bars.reserveCapacity(items.count)
        for item in items {
            guard let time = item["time"]?.seconds, let open = item["open"]?.double, let high = item["high"]?.double,
                let low = item["low"]?.double, let close = item["close"]?.double
            else { throw .unreadableResponse("a bar has no time or no price") }
            bars.append(
                Bar(
                    time: time, open: open, high: high, low: low, close: close, volume: item["volume"]?.double,
                    openInterest: item["openInterest"]?.double, isFinal: item["final"]?.bool == true))
        }
        self.init(
            request: request, bars: bars, shortfall: json["reason"]?.string.flatMap(Shortfall.init(rawValue:)),
            gaps: json.items("gaps").compactMap { gap in
                guard let from = gap["from"]?.seconds, let to = gap["to"]?.seconds else { return nil }
                return Gap(range: TimeRange(from: from, to: to), reason: gap["reason"]?.string ?? "missing")
            }, provenance: provenance)
        builtFrom = json["builtFrom"]?.string.flatMap { try? Interval($0) }
        origins = json.items("origins").compactMap { origin in
            guard let from = origin["from"]?.seconds, let to = origin["to"]?.seconds, let given = Provenance(origin)
            else { return nil }
            return BarOrigin(first: from, last: to, provenance: given)
        }
    }
}

extension MarketDataError {
    /// Reads the error body of a server; `nil` if the bytes are not one.
    public init?(response bytes: [UInt8]) {
        guard let error = JSONValue(parsing: bytes)?["error"], let code = error["code"]?.string.flatMap(Code.init),
            let message = error["message"]?.string
        else { return nil }
        self.init(
            code, message, source: error["source"]?.string.flatMap(Provenance.Source.init(rawValue:)),
            suggestions: error.items("suggestions").compactMap(\.string))
    }

    static func unreadableResponse(_ what: String) -> MarketDataError {
        MarketDataError(.upstreamUnreadable, "invalid response from the server: \(what); is it a bhav server?")
    }
}

/// A source's entry in a server's `/v1/status`.
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

    /// Reads a server's response to `/v1/status`.
    /// - Throws: `MarketDataError.upstreamUnreadable`.
    public static func sources(response bytes: [UInt8]) throws(MarketDataError) -> [ServerSource] {
        guard let items = try JSONValue(response: bytes)["sources"]?.array else {
            throw .unreadableResponse("it lists no sources")
        }
        return items.map { item in
            ServerSource(
                name: item["source"]?.string ?? "unknown", state: item["state"]?.string ?? "unknown",
                reason: item["reason"]?.nonEmpty, lastData: item["lastData"]?.nonEmpty,
                lastError: item["lastError"]?["message"]?.nonEmpty)
        }
    }
}

extension Provenance {
    fileprivate init?(_ json: JSONValue) {
        guard let source = json["source"]?.string.flatMap(Source.init(rawValue:)),
            let mode = json["mode"]?.string.flatMap(Mode.init(rawValue:)),
            let asOf = json["asOf"]?.string.flatMap({ try? Timestamp($0, zone: nil, dateMeans: .start) })
        else { return nil }
        self.init(
            source: source, feed: json["feed"]?.nonEmpty, mode: mode, delaySeconds: json["delaySeconds"]?.integer,
            asOf: asOf)
    }
}

extension JSONValue {
    fileprivate init(response bytes: [UInt8]) throws(MarketDataError) {
        guard let json = JSONValue(parsing: bytes) else { throw .unreadableResponse("it is not JSON") }
        self = json
    }

    fileprivate var seconds: Timestamp? { integer.map { Timestamp(seconds: Int64($0)) } }
    fileprivate var nonEmpty: String? { string.flatMap { $0.isEmpty ? nil : $0 } }

    fileprivate func items(_ name: String) -> [JSONValue] { self[name]?.array ?? [] }
}
