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

    @Test("bars of seconds are offered to entitled accounts", arguments: [true, false])
    func seconds(isAllowed: Bool) async throws {
        let source = ScaledSource(refused: isAllowed ? nil : .notEntitled)
        let hub = MarketHub(
            history: [source], openInterest: [], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            for name in ["FX:EURUSD", "FX:USDINR"] {
                let symbol = try await server.get("/udf/symbols?symbol=\(name)").json
                #expect(symbol["has_seconds"].bool == isAllowed)
                #expect(symbol.keys.contains("seconds_multipliers") == isAllowed)
                #expect(symbol["supported_resolutions"].array.contains { $0.string == "5S" } == isAllowed)
                #expect(symbol["supported_resolutions"].array.contains { $0.string == "5" })
            }
        }
    }

    @Test(
        "only `not_entitled` hides a resolution",
        arguments: [MarketDataError.Code.upstreamTimeout, .noDataForTime])
    func secondsUnknown(code: MarketDataError.Code) async throws {
        let hub = MarketHub(
            history: [ScaledSource(refused: code)], openInterest: [], live: [], search: [],
            logger: .quiet, clock: { RunningServer.now })
        try await RunningServer.with(hub: hub) { server in
            let symbol = try await server.get("/udf/symbols?symbol=FX:EURUSD").json
            #expect(symbol["has_seconds"].bool == true)
        }
    }

    @Test("holidays and special hours are listed for instruments with NSE's hours")
    func specialDays() async throws {
        func symbol(_ name: String, _ session: String) async throws -> JSON {
            let source = ScaledSource(session: session)
            let hub = MarketHub(
                history: [source], openInterest: [], live: [], search: [],
                logger: .quiet, clock: { RunningServer.now })
            return try await RunningServer.with(hub: hub) { try await $0.get("/udf/symbols?symbol=\(name)").json }
        }
        let index = try await symbol("NSE:NIFTY", "0915-1530")
        #expect(index["session_holidays"].string?.split(separator: ",").contains("20261225") == true)
        let special = index["corrections"].string?.split(separator: ";").map(String.init) ?? []
        // A Muhurat afternoon and the Sunday of a budget; 2 March 2024 lies too far back.
        #expect(special.contains("1345-1445:20251021"))
        #expect(special.contains("0915-1530:20260201"))
        #expect(special.allSatisfy { !$0.hasSuffix("20240302") })
        let continuous = try await symbol("NSE:NIFTY", "24x7")
        #expect(continuous["session_holidays"].string == nil && continuous["corrections"].string == nil)
        #expect(try await symbol("NASDAQ:AAPL", "0930-1600")["corrections"].string == nil)
    }
}

/// A source at the network's edge that knows one instrument.
private struct ScaledSource: BarHistoryProvider {
    var priceScale: Int?
    var minimumMove: Int?
    var session = "24x7"
    /// The error for bars of seconds.
    var refused: MarketDataError.Code?

    func bars(_ request: BarRequest) async throws -> BarSeries {
        if let refused, request.interval.unit == .second { throw MarketDataError(refused, "no bars of seconds") }
        var series = BarSeries(request: request, bars: [.at(1)], provenance: .streaming)
        series.instrument = Instrument(
            symbol: request.symbol, session: session, priceScale: priceScale, minimumMove: minimumMove)
        return series
    }
}
