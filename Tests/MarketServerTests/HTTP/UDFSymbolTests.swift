import Logging
import MarketData
import MarketHub
import MarketServer
import TestSupport
import Testing

@Suite("Prices of an instrument on the charting library's scale")
struct UDFSymbolTests {
    @Test(
        "the scale is the instrument's own, or two decimals where no source reports it",
        arguments: [(100_000, 1, 100_000, 1), (100, 5, 100, 5), (nil, nil, 100, 1), (0, 0, 100, 1)]
            as [(Int?, Int?, Int, Int)])
    func scale(priceScale: Int?, minimumMove: Int?, expectedScale: Int, expectedMove: Int) async throws {
        let source = ScaledSource(priceScale: priceScale, minimumMove: minimumMove)
        let hub = MarketHub(
            history: [source], openInterest: [], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            let symbol = try await server.get("/udf/symbols?symbol=FX:EURUSD").json
            #expect(symbol["pricescale"].int == expectedScale)
            #expect(symbol["minmov"].int == expectedMove)
        }
    }
}

/// A source at the network's edge that knows one instrument.
private struct ScaledSource: BarHistoryProvider {
    let priceScale: Int?
    let minimumMove: Int?

    func bars(_ request: BarRequest) async throws -> BarSeries {
        var series = BarSeries(request: request, bars: [.at(1)], provenance: .streaming)
        series.instrument = Instrument(
            symbol: request.symbol, session: "24x7", priceScale: priceScale, minimumMove: minimumMove)
        return series
    }
}
