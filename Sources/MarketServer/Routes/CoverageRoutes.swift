import AsyncSupport
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub

/// `GET /v1/coverage`: what the store has.
struct CoverageRoutes: Sendable {
    let hub: MarketHub
    let limiter: ConcurrencyLimiter
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        [
            .responding(
                "/v1/coverage", ["symbol", "interval", "from", "to", "session", "adjustment", "backAdjust", "missing"],
                with: coverage)
        ]
    }

    private func coverage(_ parameters: QueryParameters) async throws -> any MarketResponse {
        let symbol = try parameters.symbol()
        let range = try parameters.range(of: symbol, now: clock())
        let series = BarRequest(
            symbol: symbol, interval: try parameters.interval(), span: .count(1),
            hours: try parameters.word("session", default: .regular),
            adjustment: try parameters.word("adjustment", default: .splits),
            backAdjusted: try parameters.word("backAdjust", default: Choice.no) == .yes)
        let onlyMissing = try parameters.word("missing", default: Choice.no) == .yes
        try range?.checkLength(in: series.interval)
        let coverage = try await limiter.run { [hub] in
            try await hub.coverage(of: series, over: range, onlyMissing: onlyMissing)
        }
        guard let coverage else {
            throw MarketDataError(
                .notSupported, "this server keeps no bars (the mock market is not stored), so there is no coverage")
        }
        return coverage
    }

    private enum Choice: String, CaseIterable {
        case yes = "true"
        case no = "false"
    }
}

extension TimeRange {
    /// The most bars that one command looks through: about 76 years of minutes without nights.
    private static let mostBars: Int64 = 40_000_000

    fileprivate func checkLength(in interval: Interval) throws(MarketDataError) {
        guard let seconds = interval.seconds, (to.seconds - from.seconds) / seconds > TimeRange.mostBars else { return }
        throw MarketDataError(
            .tooLarge, "the range from \(from) to \(to) may hold too many bars of \(interval); use a shorter range")
    }
}

/// `GET /v1`: the list of routes, for people who open the address in a browser.
struct IndexRoute: Sendable {
    let listing: [Endpoint]

    var endpoints: [Endpoint] {
        [Endpoint("/v1", access: .open) { _, _ in Response(json: index) }]
    }

    private var index: JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("name", "bhav")
        json.field("documentation", "/openapi.yaml")
        json.field("stream", "/v1/stream")
        json.beginArray("paths")
        for endpoint in listing {
            json.beginObject()
            json.field("path", endpoint.path)
            json.beginArray("parameters")
            for parameter in endpoint.parameters { json.string(parameter) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
        json.endLine()
        return json
    }
}
