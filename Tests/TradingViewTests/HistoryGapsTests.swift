import JSON
import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Gaps inside a history")
struct HistoryGapsTests {
    /// An instrument of NSE, whose holidays the exchange's own list has.
    private func resolved(
        _ type: String = "index", session: String = "0915-1530", zone: String = "Asia/Kolkata", holidays: String = ""
    ) -> ResolvedSymbol {
        ResolvedSymbol(fields: [
            "type": .string(type), "session": .string(session), "timezone": .string(zone),
            "session_holidays": .string(holidays),
        ])
    }

    /// The bars of NSE from 9 to 20 March 2026, a fortnight without holidays.
    private func fortnight(_ interval: Interval) -> [Bar] {
        let grid = BarBoundaries(interval: interval)
        var span = grid.firstBar(openingAtOrAfter: Timestamp(seconds: 1_773_014_400))
        var bars: [Bar] = []
        while span.from.seconds < 1_774_051_200 {
            bars.append(Bar(time: span.from, open: 1, high: 1, low: 1, close: 1, volume: nil, isFinal: true))
            span = grid.firstBar(openingAtOrAfter: span.to)
        }
        return bars
    }

    private func gaps(
        _ interval: Interval, _ type: String = "index", symbol: Symbol = .nifty, without missing: (Bar) -> Bool
    ) throws -> [Gap] {
        let request = BarRequest(symbol: symbol, interval: interval, span: .count(1000))
        let gaps = try #require(HistoryGaps(resolved(type), request: request))
        return gaps.gaps(in: fortnight(interval).filter { !missing($0) })
    }

    private let thursday = TimeRange(from: Timestamp(seconds: 1_773_287_100), to: Timestamp(seconds: 1_773_309_600))

    @Test("a complete history has none in any interval", arguments: ["1m", "5m", "1h", "1d"])
    func whole(text: String) throws {
        #expect(try gaps(Interval(text)) { _ in false } == [])
        #expect(try gaps(Interval(text), "stock") { _ in false } == [])
    }

    @Test("a missing day is reported", arguments: ["1m", "5m", "1h", "1d"])
    func missingDay(text: String) throws {
        for type in ["index", "stock"] {
            let gaps = try gaps(Interval(text), type) { thursday.contains($0.time) }
            #expect(gaps == [Gap(range: thursday, reason: "missing")])
        }
    }

    @Test("a missing hour is reported for an index, while a share may have no trades")
    func missingHour() throws {
        let hour = TimeRange(from: thursday.from.advanced(bySeconds: 3600), to: thursday.from.advanced(bySeconds: 7200))
        #expect(try gaps(.fiveMinutes) { hour.contains($0.time) } == [Gap(range: hour, reason: "missing")])
        #expect(try gaps(.fiveMinutes, "stock") { hour.contains($0.time) } == [])
    }

    @Test("a missing start or end of an index's session is reported")
    func missingEdges() throws {
        let evening = TimeRange(from: thursday.to.advanced(bySeconds: -1800), to: thursday.to)
        #expect(try gaps(.fiveMinutes) { evening.contains($0.time) } == [Gap(range: evening, reason: "missing")])
        let morning = TimeRange(from: thursday.from, to: thursday.from.advanced(bySeconds: 1800))
        #expect(try gaps(.fiveMinutes) { morning.contains($0.time) } == [Gap(range: morning, reason: "missing")])
    }

    @Test(
        "since August 2026 nothing of an index is missing before the closing auction, whatever lists the holidays",
        arguments: ["", "20260703,20261225"], ["0915-1530", "0915-1530#20260803/0915-1515"])
    func closingAuction(holidays: String, session: String) throws {
        let interval = try Interval("3m")
        let request = BarRequest(symbol: .nifty, interval: interval, span: .count(1000))
        let index = ResolvedSymbol(fields: [
            "type": "index", "session": .string(session), "timezone": "Asia/Kolkata",
            "session_holidays": .string(holidays), "corrections": "1815-1915:20261108",
        ])
        let gaps = try #require(HistoryGaps(index, request: request))
        // 4 and 5 August 2026 at a quarter past nine in India; continuous trading, and a print at 15:27.
        let minutes: [Int64] = Array(stride(from: 0, to: 360, by: 3)) + [372]
        var bars: [Bar] = []
        for opening: Int64 in [1_785_815_100, 1_785_901_500] {
            for minute in minutes {
                let time = Timestamp(seconds: opening + minute * 60)
                bars.append(Bar(time: time, open: 1, high: 1, low: 1, close: 1, volume: nil, isFinal: true))
            }
        }
        let missing = Timestamp(seconds: 1_785_815_100 + 357 * 60)
        #expect(gaps.gaps(in: bars) == [])
        #expect(gaps.gaps(in: bars.filter { $0.time != missing }).count == 1)
    }

    @Test("instruments that rest for days, extended hours and unknown sessions have no reported gaps")
    func unknown() throws {
        var request = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(10))
        for type in ["option", "bond", "futures", ""] {
            #expect(HistoryGaps(resolved(type), request: request) == nil)
        }
        #expect(HistoryGaps(nil, request: request) == nil)
        request.hours = .extended
        #expect(HistoryGaps(resolved(), request: request) == nil)
        let apple = BarRequest(symbol: Symbol(exchange: "NASDAQ", ticker: "AAPL"), interval: .oneDay, span: .count(10))
        let unlisted = resolved("stock", session: "0930-1600", zone: "America/New_York")
        #expect(HistoryGaps(unlisted, request: apple) == nil)
        let listed = resolved("stock", session: "0930-1600", zone: "America/New_York", holidays: "20261126")
        #expect(HistoryGaps(listed, request: apple) != nil)
    }

    @Test("daily bars that are not stamped with the opening have no reported gaps")
    func midnightStamps() throws {
        let request = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(10))
        let gaps = try #require(HistoryGaps(resolved(), request: request))
        let midnights = fortnight(.oneDay).map { bar in
            var bar = bar
            bar.time = bar.time.advanced(bySeconds: -33_300)
            return bar
        }
        #expect(gaps.gaps(in: midnights.filter { !thursday.contains($0.time.advanced(bySeconds: 33_300)) }) == [])
        #expect(gaps.gaps(in: midnights) == [])
    }

    @Test("an exchange with a pause at noon has no gap there, and a missing day of it is one gap")
    func twoSessions() throws {
        let symbol = Symbol(exchange: "HKEX", ticker: "HSI")
        let split = resolved(
            "index", session: "0930-1200,1300-1600", zone: "Asia/Hong_Kong", holidays: "20251225,20261225")
        let request = BarRequest(symbol: symbol, interval: .oneDay, span: .count(10))
        let gaps = try #require(HistoryGaps(split, request: request))
        // 9 to 13 March 2026 at half past nine in Hong Kong, without the Wednesday.
        let opens = [0, 1, 3, 4].map { Timestamp(seconds: 1_773_019_800 + $0 * 86_400) }
        let bars = opens.map { Bar(time: $0, open: 1, high: 1, low: 1, close: 1, volume: nil, isFinal: true) }
        let wednesday = Timestamp(seconds: 1_773_019_800 + 2 * 86_400)
        let gap = TimeRange(from: wednesday, to: wednesday.advanced(bySeconds: 23_400))
        #expect(gaps.gaps(in: bars) == [Gap(range: gap, reason: "missing")])
    }

    /// An index of New York whose daily or hourly bars of some days in January 2025 are there.
    private func newYork(
        _ interval: Interval, holidays: String, correction: String?, days: [Int], hours: Int = 1
    ) throws -> [Gap] {
        var subsession: JSONValue = ["id": "regular", "session": "0930-1600"]
        if let correction {
            subsession = ["id": "regular", "session": "0930-1600", "session-correction": .string(correction)]
        }
        let symbol = ResolvedSymbol(fields: [
            "type": "index", "session": "0930-1600", "timezone": "America/New_York", "subsession_id": "regular",
            "session_holidays": .string(holidays),
            "subsessions": [["id": "extended", "session": "0400-2000", "session-correction": "x"], subsession],
        ])
        let request = BarRequest(symbol: Symbol(exchange: "SP", ticker: "SPX"), interval: interval, span: .count(50))
        let gaps = try #require(HistoryGaps(symbol, request: request))
        let bars = days.flatMap { day in
            (0..<hours).map { hour in
                // 2 January 2025, 09:30 in New York.
                let time = Timestamp(seconds: 1_735_828_200 + Int64(day - 2) * 86_400 + Int64(hour) * 3600)
                return Bar(time: time, open: 1, high: 1, low: 1, close: 1, volume: nil, isFinal: true)
            }
        }
        return gaps.gaps(in: bars)
    }

    @Test("a day off is a gap unless the session's corrections list it")
    func dayOff() throws {
        let days = [6, 7, 8, 10, 13]
        let listed = "20250101,20250120"
        #expect(try newYork(.oneDay, holidays: listed, correction: "dayoff:20250109", days: days) == [])
        #expect(try newYork(.oneDay, holidays: listed, correction: nil, days: days).count == 1)
    }

    @Test("days before the first listed holiday and after the last have no reported gaps")
    func halfKnownYears() throws {
        let days = [6, 7, 8, 10, 13]
        #expect(try newYork(.oneDay, holidays: "20250101,20250108", correction: nil, days: days) == [])
        #expect(try newYork(.oneDay, holidays: "20250110,20250120", correction: nil, days: days) == [])
        #expect(try newYork(.oneDay, holidays: "20250101,20250109,20250120", correction: nil, days: days) == [])
    }

    @Test("a short day of an index has no gap, and without a list of short days nothing is reported within a day")
    func shortDays() throws {
        func gaps(_ correction: String?) throws -> [Gap] {
            let days = [6, 7]
            return try newYork(
                .oneHour, holidays: "20250101,20250120", correction: correction, days: days, hours: 4)
        }
        // Four hours from half past nine, where the day would have seven.
        #expect(try gaps("0930-1330:20250106,20250107") == [])
        #expect(try gaps("0930-1330:20250107").count == 1)
        #expect(try gaps(nil) == [])
    }

    @Test("years without a list of holidays are not judged")
    func oldYears() throws {
        let request = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(10))
        let gaps = try #require(HistoryGaps(resolved(), request: request))
        let old = [1_457_408_700, 1_458_013_500].map { seconds in
            Bar(
                time: Timestamp(seconds: seconds), open: 1, high: 1, low: 1, close: 1, volume: nil, isFinal: true)
        }
        #expect(gaps.gaps(in: old) == [])
    }

    @Test("a day missing upstream makes the response incomplete")
    func response() async throws {
        let names =
            #""name":"NIFTY","full_name":"NSE:NIFTY","type":"index","session":"0915-1530","timezone":"Asia/Kolkata""#
        let times = fortnight(.oneDay).map { Int($0.time.seconds) }.filter { $0 != 1_773_287_100 }
        let script: @Sendable (ReceivedCall) -> [String] = { Script.series($0, names: names, times: times) }
        try await ScriptedUpstream.withClient(responding: script) { client, _ in
            let series = try await client.bars(.newest(times.count, of: .nifty, .oneDay))
            #expect(series.gaps == [Gap(range: thursday, reason: "missing")])
            #expect(!series.isComplete)
        }
    }
}
