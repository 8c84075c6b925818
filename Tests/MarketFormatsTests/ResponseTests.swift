import Foundation
import JSON
import MarketData
import MarketFormats
import NIOCore
import Testing

@Suite("Responses")
struct ResponseTests {
    private let provenance = Provenance(
        source: .tradingview, feed: "BATS:AAPL", mode: .delayed, delaySeconds: 900,
        asOf: Timestamp(seconds: 1_787_292_487))

    private func series(shortfall: BarSeries.Shortfall? = nil) -> BarSeries {
        BarSeries(
            request: BarRequest(
                symbol: Symbol(exchange: "NASDAQ", ticker: "AAPL"), interval: .oneDay, span: .count(2)),
            bars: [
                Bar(
                    time: Timestamp(seconds: 1_786_714_200), open: 306, high: 307.49, low: 304.3, close: 305.93,
                    volume: 28_229_375, isFinal: true),
                Bar(
                    time: Timestamp(seconds: 1_786_973_400), open: 306.21, high: 307.66, low: 302.939, close: 305.59,
                    volume: nil, isFinal: false),
            ], shortfall: shortfall, provenance: provenance)
    }

    private func object(_ response: some MarketResponse) throws -> NSDictionary {
        let data = Data(response.encoded(as: .json).readableBytesView)
        return try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
    }

    @Test("bars have the fields of docs/api, an absent volume as null")
    func barsAsJSON() throws {
        let json = try object(series(shortfall: .planLimit))
        #expect(json["symbol"] as? String == "NASDAQ:AAPL")
        #expect(json["interval"] as? String == "1d")
        #expect(json["feed"] as? String == "BATS:AAPL")
        #expect(json["mode"] as? String == "delayed")
        #expect(json["delaySeconds"] as? Int == 900)
        #expect(json["asOf"] as? String == "2026-08-21T06:08:07Z")
        #expect(json["complete"] as? Bool == false)
        #expect(json["reason"] as? String == "plan_limit")
        let bars = try #require(json["bars"] as? [NSDictionary])
        #expect(bars.count == 2)
        #expect(bars[0]["time"] as? Int == 1_786_714_200)
        #expect(bars[0]["open"] as? Double == 306)
        #expect(bars[1]["volume"] is NSNull)
        #expect(bars[1]["final"] as? Bool == false)
    }

    @Test("completeness is null with a note for unknown hours, and false with a gap")
    func completeness() throws {
        var series = series()
        #expect(try object(series)["complete"] as? Bool == true)
        #expect(try object(series)["notes"] == nil)
        series.instrument = Instrument(
            symbol: series.request.symbol, timeZone: "America/New_York", session: "0930-1600?2")
        let json = try object(series)
        #expect(json["complete"] is NSNull)
        #expect((json["notes"] as? [String])?.count == 1)
        series.shortfall = .planLimit
        #expect(try object(series)["complete"] as? Bool == false)
        series.shortfall = nil
        series.instrument?.session = "0930-1600#20260803/0930-1615"
        #expect(try object(series)["complete"] as? Bool == true)
        series.unjudged = "the correction 'x' is not of a known form"
        #expect(try object(series)["complete"] is NSNull)
    }

    @Test("impossible bars are delivered with a note that counts and names them")
    func impossible() throws {
        var series = series()
        series.bars = (0..<8).map { (index: Int64) -> Bar in
            let isLast = index == 7
            let time = Timestamp(seconds: 1_786_714_200 + index * 86_400)
            return Bar(
                time: time, open: 100, high: isLast ? 110 : 90, low: 95, close: 97, volume: isLast ? -1 : 10,
                isFinal: true)
        }
        let notes = try #require(try object(series)["notes"] as? [String])
        #expect(notes.count == 1)
        #expect(notes.first?.hasPrefix("8 impossible bars") == true)
        #expect(notes.first?.contains("2026-08-14T13:30:00Z (high below low)") == true)
        #expect(notes.first?.hasSuffix("and 3 more") == true)
        #expect((try object(series)["bars"] as? [NSDictionary])?.count == 8)
        #expect(series.bars[7].faults == [.negativeVolume])
        let epoch = Timestamp(seconds: 0)
        let oil = Bar(time: epoch, open: -3, high: -1, low: -40, close: -37, volume: nil, isFinal: true)
        #expect(oil.faults.isEmpty)
        let odd = Bar(time: epoch, open: 5, high: 4, low: 1, close: 0, volume: .nan, isFinal: true)
        #expect(odd.faults == [.openOutside, .closeOutside, .negativeVolume])
    }

    @Test("bars as csv have the documented header, and an unknown volume is an empty field")
    func barsAsCSV() {
        let text = String(buffer: series().encoded(as: .csv))
        #expect(
            text == """
                time,open,high,low,close,volume,final
                1786714200,306,307.49,304.3,305.93,28229375,true
                1786973400,306.21,307.66,302.939,305.59,,false

                """)
    }

    @Test("csv can print times in UTC and in the exchange's zone")
    func timesAsText() {
        let iso = String(buffer: series().encoded(as: .csv, times: .iso))
        let exchange = String(buffer: series().encoded(as: .csv, times: .exchange))
        #expect(iso.contains("2026-08-14T13:30:00Z,306,"))
        #expect(exchange.contains("2026-08-14T09:30:00-04:00,306,"))
    }

    @Test("a line of ndjson is a whole object")
    func barsAsNDJSON() throws {
        let lines = String(buffer: series().encoded(as: .ndjson)).split(separator: "\n")
        #expect(lines.count == 2)
        let first = try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? NSDictionary
        #expect(first?["close"] as? Double == 305.93)
        #expect(first?["source"] as? String == "tradingview")
        #expect(first?["mode"] as? String == "delayed")
    }

    @Test("a changed quote has only its changed fields, symbol and time")
    func quoteChanges() {
        var former = Quote(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), provenance: provenance)
        former.last = 100
        former.bid = 99.95
        former.lastTime = Timestamp(seconds: 10)
        var newer = former
        newer.last = 100.05
        newer.bid = nil
        var json = JSONWriter()
        newer.writeChanges(since: former, to: &json)
        #expect(String(buffer: json.buffer) == #"{"symbol":"NSE:NIFTY","lastTime":10,"last":100.05,"bid":null}"#)
    }

    @Test("a ratio without a value is null with its reason, and the sums are beside it")
    func ratioWithoutValue() throws {
        let snapshot = OpenInterestSnapshot(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), expiry: CalendarDate(daysSinceEpoch: 20_000),
            unit: .shares, lotSize: nil, spot: nil,
            strikes: [
                OptionStrike(
                    strike: Strike(tenThousandths: 1_129_000), call: OptionData(openInterest: 0, change: -5),
                    put: OptionData(openInterest: 10, change: 5))
            ], listedStrikes: nil, provenance: provenance)
        let totals = try #require(try object(snapshot)["totals"] as? NSDictionary)
        #expect(totals["putCallRatio"] is NSNull)
        #expect((totals["putCallRatioReason"] as? String)?.contains("zero") == true)
        #expect(totals["putCallRatioOfChange"] is NSNull)
        #expect(totals["callChange"] as? Double == -5)
        let strikes = try #require(try object(snapshot)["strikes"] as? [NSDictionary])
        #expect(strikes[0]["strike"] as? Double == 112.9)
    }

    @Test("an error has its code, its message and whether it is retryable")
    func errorBody() throws {
        var json = JSONWriter()
        MarketDataError(.symbolNotFound, "no such symbol", source: .tradingview, suggestions: ["NSE:NIFTY"])
            .write(to: &json)
        #expect(
            String(buffer: json.buffer)
                == #"{"error":{"code":"symbol_not_found","message":"no such symbol","source":"tradingview","retryable":false,"suggestions":["NSE:NIFTY"]}}"#
        )
    }
}
