import Hummingbird
import JSON
import MarketData
import MarketFormats
import MarketHub

/// The paths of the dashboard that came before this one, under `/api`, in its own spelling.
struct OriginalRoutes: Sendable {
    let hub: MarketHub
    let gate: QuestionGate

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
        ]
    }

    private func candles(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        let name = try parameters.words("symbol") ?? "NIFTY"
        let interval = try parameters.text("interval") ?? "1"
        let count = try parameters.integer("n_bars", default: 100, in: 1...BarRequest.largestCount)
        let bars = BarRequest(
            symbol: try OriginalName.symbol(name), interval: try Interval(interval), span: .count(count))
        let series = try await gate.run { try await hub.bars(bars).unbroken }
        return Response(json: OriginalCandles(name: name, interval: interval, series: series).json)
    }

    private func openInterest(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        let name = try parameters.words("symbol") ?? "NIFTY"
        let snapshot = try await hub.openInterest(OpenInterestRequest(symbol: OriginalName.symbol(name)))
        return Response(json: OriginalOpenInterest(name: name, snapshot: snapshot).json)
    }
}
