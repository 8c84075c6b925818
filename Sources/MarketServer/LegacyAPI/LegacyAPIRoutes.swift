import AsyncSupport
import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub

/// The paths of the earlier dashboard under `/api`, in its spelling.
struct LegacyAPIRoutes: Sendable {
    let hub: MarketHub
    let limiter: ConcurrencyLimiter

    var endpoints: [Endpoint] {
        [
            Endpoint("/api/") { _, _ in
                var json = JSONWriter()
                json.beginObject()
                json.field("message", "Trading Dashboard API")
                json.endObject()
                json.endLine()
                return Response(json: json)
            },
            Endpoint("/api/market/candles", ["symbol", "interval", "n_bars"], respond: candles),
            Endpoint("/api/market/oi-data", ["symbol"], respond: openInterest),
            // An older state of the page draws nothing at all where one of these is not a list.
            Endpoint("/api/market/liquidity") { _, _ in LegacyAPIRoutes.emptyList },
            Endpoint("/api/positions") { _, _ in LegacyAPIRoutes.emptyList },
            Endpoint("/api/account") { _, _ in
                var json = JSONWriter()
                json.beginObject()
                json.beginArray("positions")
                json.endArray()
                json.endObject()
                json.endLine()
                return Response(json: json)
            },
        ]
    }

    /// What does not exist here: orders and positions.
    private static var emptyList: Response {
        var json = JSONWriter()
        json.beginArray()
        json.endArray()
        json.endLine()
        return Response(json: json)
    }

    private func candles(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        let name = try parameters.words("symbol") ?? "NIFTY"
        let interval = try parameters.text("interval") ?? "1"
        let count = try parameters.integer("n_bars", default: 100, in: 1...BarRequest.largestCount)
        let bars = BarRequest(
            symbol: try LegacyAPIName.symbol(name), interval: try Interval(interval), span: .count(count))
        let series = try await limiter.run { try await hub.bars(bars).unbroken }
        return Response(json: LegacyAPICandles(name: name, interval: interval, series: series).json)
    }

    private func openInterest(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        let name = try parameters.words("symbol") ?? "NIFTY"
        let snapshot = try await hub.openInterest(OpenInterestRequest(symbol: LegacyAPIName.symbol(name)))
        return Response(json: LegacyAPIOpenInterest(name: name, snapshot: snapshot).json)
    }
}

/// The names of the earlier dashboard: bare tickers, and `INDIA VIX` with its space.
enum LegacyAPIName {
    /// The instrument with this name.
    /// - Throws: `MarketDataError`.
    static func symbol(_ name: String) throws(MarketDataError) -> Symbol {
        try SymbolBook.symbol(name.filter { $0 != " " })
    }
}

/// Bars as the earlier dashboard reads them, with their source added.
struct LegacyAPICandles {
    /// The symbol as the client spelled it.
    let name: String
    /// The interval as the client spelled it.
    let interval: String
    let series: BarSeries

    var json: JSONWriter {
        var json = JSONWriter(capacity: 512 + series.bars.count * 96)
        json.beginObject()
        json.field("symbol", name)
        json.field("interval", interval)
        json.beginArray("candles")
        for bar in series.bars { write(bar, to: &json) }
        json.endArray()
        json.field("complete", series.isComplete)
        if let reason = series.shortfall?.rawValue ?? series.gaps.last?.reason {
            json.field("reason", reason)
        }
        series.provenance.writeLegacyFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ bar: Bar, to json: inout JSONWriter) {
        json.beginObject()
        json.field("time", bar.time.seconds)
        json.field("open", bar.open)
        json.field("high", bar.high)
        json.field("low", bar.low)
        json.field("close", bar.close)
        json.field("volume", bar.volume)
        json.field("final", bar.isFinal)
        json.endObject()
    }
}

extension Provenance {
    /// Writes the provenance in the legacy spelling, into an open object.
    func writeLegacyFields(to json: inout JSONWriter) {
        json.field("source", source.rawValue)
        json.field("mode", mode.rawValue)
        json.field("as_of", asOf.description)
    }
}

/// Open interest as the earlier dashboard reads it. Unknown values are `null`; the original server invented them.
struct LegacyAPIOpenInterest {
    /// The symbol as the client spelled it.
    let name: String
    let snapshot: OpenInterestSnapshot

    var json: JSONWriter {
        let ratio = snapshot.putCallRatio(by: .openInterest)
        var json = JSONWriter(capacity: 512 + snapshot.strikes.count * 160)
        json.beginObject()
        json.field("symbol", name)
        json.field("pcr", ratio.value.map { ($0 * 100).rounded() / 100 })
        if let reason = ratio.reason {
            json.field("pcr_reason", reason)
        }
        json.beginArray("strikes")
        // The page shows the first strikes of the list, which has 21 of them.
        let strikes = Array(snapshot.strikesAroundTheMoney(reach: 10))
        for strike in strikes { write(strike, to: &json) }
        json.endArray()
        json.field("atm_index", strikes.firstIndex { $0.strike == snapshot.atTheMoney })
        json.field("spot", snapshot.spot)
        json.field("expiry", snapshot.expiry.description)
        json.field("unit", snapshot.unit.rawValue)
        json.field("timestamp", snapshot.provenance.asOf.description)
        snapshot.provenance.writeLegacyFields(to: &json)
        json.endObject()
        json.endLine()
        return json
    }

    private func write(_ strike: OptionStrike, to json: inout JSONWriter) {
        json.beginObject()
        json.field("strike", strike.strike.price)
        json.field("ce_oi", strike.call?.openInterest)
        json.field("pe_oi", strike.put?.openInterest)
        json.field("ce_change", strike.call?.change)
        json.field("pe_change", strike.put?.change)
        json.field("ce_ltp", strike.call?.last)
        json.field("pe_ltp", strike.put?.last)
        json.endObject()
    }
}
