import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Reading live-oi-data")
struct LiveOpenInterestTests {
    @Test("strikes, echo, spot and the number of listed strikes are read")
    func whole() throws {
        let live = try #require(try chain())
        #expect(live.rows.map(\.strike.description) == ["24900", "25000", "25100"])
        #expect(live.rows[0].call == LiveOpenInterest.Side(openInterest: 650, previous: 1300, change: -650))
        #expect(live.rows[0].put == LiveOpenInterest.Side(openInterest: 4550, previous: 2600, change: 1950))
        #expect(live.spot == 25012.35)
        #expect(live.listedStrikes == 5)
        #expect(live.served.tradingDate == day("2026-11-20"))
        #expect(live.served.maxTime == ClockTime(hour: 10, minute: 30))
        #expect(live.served.lastUpdated == india("2026-11-20 10:29:59"))
        #expect(live.served.expiries == [day("2026-11-24")])
    }

    @Test("numbers may be written as text, and a strike range as text or number")
    func lenient() throws {
        var text = ChainText()
        text.strikes = [("25000", #"{"callOi":"1300.0","callPrevOi":650,"callOiChange":"650","putOi":null}"#)]
        text.strikeRange = #""minStrikePrice":"23750","maxStrikePrice":"26250""#
        text.spot = #""25012.35""#
        text.expiries = #""2026-11-24""#
        let live = try #require(try chain(text))
        #expect(live.rows[0].call == LiveOpenInterest.Side(openInterest: 1300, previous: 650, change: 650))
        #expect(live.rows[0].put == nil)
        #expect(live.spot == 25012.35)
        #expect(live.served.expiries == [day("2026-11-24")])
    }

    @Test("a missing side, value or spot stays unknown rather than zero")
    func missing() throws {
        var text = ChainText()
        text.strikes = [("25000", #"{"putOi":650.0,"putOiChangeP":null}"#), ("25050", "{}"), ("25100", "null")]
        text.spot = "0"
        text.listed = "[]"
        let live = try #require(try chain(text))
        #expect(live.rows.count == 1)
        #expect(live.rows[0].call == nil)
        #expect(live.rows[0].put == LiveOpenInterest.Side(openInterest: 650, previous: nil, change: nil))
        #expect(live.spot == nil)
        #expect(live.listedStrikes == nil)
    }

    @Test("strikes with odd fractions are exact and in order")
    func oddStrikes() throws {
        var text = ChainText()
        text.strikes = ["113.8", "112.9", "112.0"].map { ($0, #"{"callOi":1.0}"#) }
        #expect(try chain(text)?.rows.map(\.strike.description) == ["112", "112.9", "113.8"])
    }

    @Test(
        "drops an invalid strike key with a note; alone it is an error",
        arguments: ["ATM", "", "-100", "0", "1e4"])
    func unreadableStrike(key: String) throws {
        var text = ChainText()
        let strikes = try #require(try chain(text)).rows
        for values in ["{}", "[]", "5", #"{"callOi":65}"#] {
            text = ChainText()
            text.strikes.append((key, values))
            let live = try #require(try chain(text))
            #expect(live.rows == strikes)
            #expect(live.dropped.first?.contains("'\(key)' is not a strike price") == true)
            text.strikes[text.strikes.count - 1] = ("26000", values == "{}" ? "7" : values)
            #expect(try chain(text)?.dropped.count == (values.contains("callOi") ? 0 : 1))
        }
        text.strikes = [(key, "{}")]
        #expect(throws: UnreadableField("body.oiData", "'\(key)' is not a strike price")) { try chain(text) }
    }

    @Test("one strike under two spellings is an error")
    func twice() {
        var text = ChainText()
        text.strikes.append(("25000.0", #"{"callOi":1.0}"#))
        #expect(throws: UnreadableField("body.oiData", "the strike 25000 is listed twice")) { try chain(text) }
    }

    @Test("contradictory values are an error that names strike and side")
    func contradiction() {
        var text = ChainText()
        text.strikes = [("25000", #"{"putOi":1300.0,"putPrevOi":650.0,"putOiChange":-650.0}"#)]
        #expect(throws: UnreadableField("body.oiData.25000.putOi", "1300 is not the previous 650 and the change -650"))
        {
            try chain(text)
        }
    }

    @Test("one side that contradicts itself is left out with a note, and the others stay")
    func oneContradiction() throws {
        var text = ChainText()
        text.strikes.append(
            (
                "25300",
                #"{"callOi":65.0,"callPrevOi":0,"callOiChange":65.0,"putOi":0,"putPrevOi":0,"putOiChange":100.0}"#
            ))
        let live = try #require(try chain(text))
        #expect(live.rows.count == 4)
        #expect(live.rows[3].call?.openInterest == 65)
        #expect(live.rows[3].put == nil)
        #expect(live.dropped.count == 1)
        #expect(live.dropped.first?.contains("25300.putOi") == true)
    }

    @Test("an invalid number, and open interest below zero, are errors that name the field")
    func oddNumbers() {
        var text = ChainText()
        text.strikes = [("25000", #"{"callOi":"many"}"#)]
        #expect(throws: UnreadableField("body.oiData.25000.callOi", "expected a number, found 'many'")) {
            try chain(text)
        }
        text.strikes = [("25000", #"{"callOi":-65.0}"#)]
        #expect(throws: UnreadableField("body.oiData.25000.callOi", "open interest cannot be -65")) { try chain(text) }
        text.strikes = [("25000", #"{"callOi":true}"#)]
        #expect(throws: UnreadableField.self) { try chain(text) }
    }

    @Test("a response that does not name what it served is invalid, field by field")
    func echoMissing() {
        for change: (inout ChainText) -> Void in [
            { $0.tradingDate = "null" }, { $0.maxTime = "null" }, { $0.lastUpdated = "null" }, { $0.expiries = "null" },
            { $0.tradingDate = "\"today\"" }, { $0.maxTime = "\"noon\"" }, { $0.lastUpdated = "\"2026-11-20\"" },
        ] {
            var text = ChainText()
            change(&text)
            #expect(throws: UnreadableField.self) { try chain(text) }
        }
        #expect(throws: UnreadableField.self) { try LiveOpenInterest(body(#"{"oiData":{"25000":{"callOi":1}}}"#)) }
    }

    @Test("a body without values and echo is invalid")
    func emptyBody() throws {
        #expect(try LiveOpenInterest(body("{}")) == nil)
        #expect(try LiveOpenInterest(body(#"{"oiData":{},"overallData":{}}"#)) == nil)
    }

    @Test("the source's stamps are read with their offset")
    func stamps() {
        #expect(SourceStamp.timestamp("2026-01-23T15:40:00+05:30") == india("2026-01-23 15:40"))
        #expect(SourceStamp.timestamp("2026-01-23T10:10:00Z") == india("2026-01-23 15:40"))
        #expect(SourceStamp.timestamp("2026-01-23T05:10:00-0500") == india("2026-01-23 15:40"))
        let exact = SourceStamp.timestamp("2026-01-23T15:40:00.25+05:30")
        #expect(exact?.milliseconds == india("2026-01-23 15:40").milliseconds + 250)
        for text in [
            "2026-01-23T15:40:00", "2026-01-23", "", "15:40", "2026-13-23T15:40:00+05:30", "2026-01-23Tx+05:30",
        ] {
            #expect(SourceStamp.timestamp(text) == nil)
        }
    }
}
