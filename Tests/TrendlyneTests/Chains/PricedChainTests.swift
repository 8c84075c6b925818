import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import Trendlyne

@Suite("Chains with prices")
struct PricedChainTests {
    let expiry = day("2026-11-24")

    func chain(_ text: PricedChainText = PricedChainText(), at now: String = "2026-11-20 10:30") throws -> OptionChain {
        let priced = try #require(try PricedChain(body(text.body)))
        return try priced.chain(of: .nifty, expiry: expiry, now: india(now))
    }

    @Test("price, volume in shares, open interest, volatility, ratios, max pain and greeks are read")
    func whole() throws {
        let chain = try chain()
        #expect(chain.snapshot.strikes.map(\.strike.description) == ["24900", "25000"])
        let values = OptionData(openInterest: 6500, last: 152, volume: 20 * 65, impliedVolatility: 12.25)
        #expect(chain.snapshot.strikes[0].call == values)
        #expect(chain.snapshot.strikes[0].put?.openInterest == 9750)
        #expect(chain.snapshot.strikes[1].put?.volume == 0)
        #expect(chain.snapshot.unit == .shares)
        #expect(chain.snapshot.lotSize == 65)
        #expect(chain.snapshot.spot == 25012.35)
        #expect(chain.sourceMaxPain == Strike(25000))
        #expect(chain.sourceRatios == [.openInterest: 0.8851, .volume: 0.9914, .change: -1.25])
        #expect(chain.sourceGreeks?.model == "Black-Scholes on spot, r 7 %")
        let greeks = SourceGreeks.Values(delta: 0.5, gamma: 0.001, theta: -6.5, vega: 12.75, rho: 10.25)
        let strike = try #require(Strike(25000))
        #expect(chain.sourceGreeks?[strike, .call] == greeks)
    }

    @Test("the change, sent only as a rounded percentage, stays unknown")
    func change() throws {
        #expect(
            try chain().snapshot.putCallRatio(by: .change).reason == "the puts' change in open interest is not known")
    }

    @Test("columns are found by name in any order")
    func moved() throws {
        var text = PricedChainText()
        text.isReversed = true
        #expect(try chain(text) == chain())
    }

    @Test("the time is that of the request, or the last close while the market is closed; the delay is unknown")
    func moment() throws {
        let open = try chain().snapshot.provenance
        #expect(open.asOf == india("2026-11-20 10:30"))
        #expect(open.mode == .delayed)
        let shut = try chain(at: "2026-11-21 12:00").snapshot.provenance
        #expect(shut.asOf == india("2026-11-20 15:40"))
        #expect(shut.mode == .endOfDay)
        #expect(open.delaySeconds == nil && shut.delaySeconds == nil)
    }

    @Test("a price, a volatility and an underlying of 0 are unknown, and a side without values is absent")
    func unknown() throws {
        var text = PricedChainText()
        text.strikes[0].call.price = "0.0"
        text.strikes[0].call.volatility = "0"
        text.strikes[0].put = .nothing
        text.spot = "0"
        text.maxPain = "null"
        text.ratios = #"{"pcr_oi":null}"#
        let chain = try chain(text)
        #expect(chain.snapshot.strikes[0].call?.last == nil)
        #expect(chain.snapshot.strikes[0].call?.impliedVolatility == nil)
        #expect(chain.snapshot.strikes[0].put == nil)
        #expect(chain.snapshot.spot == nil)
        #expect(chain.sourceMaxPain == nil)
        #expect(chain.sourceRatios == [:])
    }

    @Test("one option without volatility and with greeks of exactly 0 has no greeks")
    func frozenSide() throws {
        var text = PricedChainText()
        text.strikes[1].put = .frozen
        let chain = try chain(text)
        let strike = try #require(Strike(25000))
        #expect(chain.sourceGreeks?[strike, .put] == nil)
        #expect(chain.sourceGreeks?[strike, .call] != nil)
        #expect(chain.snapshot.strikes[1].put?.openInterest == 6500)
    }

    @Test("a chain in which every option is like that is an expired one")
    func frozenChain() throws {
        var text = PricedChainText()
        text.strikes = [("24900", .frozen, .frozen), ("25000", .frozen, .nothing)]
        let error = #expect(throws: MarketDataError.self) { try chain(text) }
        #expect(error?.code == .noDataForTime)
        #expect(error?.message.contains("frozen") == true)
    }

    @Test("the volume of an underlying with an unknown lot is unknown rather than in contracts")
    func unknownLot() throws {
        let priced = try #require(try PricedChain(body(PricedChainText().body)))
        let abc = Symbol(exchange: "NSE", ticker: "ABC")
        let chain = try priced.chain(of: abc, expiry: expiry, now: india("2026-11-20 10:30"))
        #expect(chain.snapshot.lotSize == nil)
        #expect(chain.snapshot.strikes[0].call?.volume == nil)
        #expect(chain.snapshot.strikes[0].call?.openInterest == 6500)
    }

    @Test("a body without headers or without rows is invalid")
    func empty() throws {
        #expect(try PricedChain(body("{}")) == nil)
        #expect(try PricedChain(body(#"{"tableHeaders":[],"tableData":[]}"#)) == nil)
        var text = PricedChainText()
        text.strikes = []
        #expect(try PricedChain(body(text.body)) == nil)
    }

    @Test(
        "a missing or doubled column, a short row and a doubled strike are errors that name the place")
    func unreadable() throws {
        var text = PricedChainText()
        text.columns.removeAll { $0 == "open_interest" }
        #expect(throws: UnreadableField("body.tableData", "there is no column 'open_interest_call'")) {
            try PricedChain(body(text.body))
        }
        text = PricedChainText()
        text.columns.append("pk")
        #expect(throws: UnreadableField.self) { try PricedChain(body(text.body)) }
        let short = #"{"tableHeaders":[{"unique_name":"strike_price"}],"tableData":[[1,2]]}"#
        #expect(throws: UnreadableField("body.tableData[0]", "expected a row of 1 columns, found a list of 2")) {
            try PricedChain(body(short))
        }
        text = PricedChainText()
        text.strikes[1].strike = "24900.0"
        #expect(throws: UnreadableField("body.tableData[1]", "the strike 24900 is listed twice")) {
            try PricedChain(body(text.body))
        }
    }

    @Test("an option whose numbers cannot be is left out with a note, and the others stay")
    func oneOddOption() throws {
        let odd: [(PricedChainText.Side, String)] = [
            (PricedChainText.Side(openInterest: "-65"), "open_interest_call"),
            (PricedChainText.Side(price: "-5"), "current_price_call"),
            (PricedChainText.Side(contracts: "-1"), "traded_contracts_call"),
            (PricedChainText.Side(volatility: "\"high\""), "implied_volatility_call"),
            (PricedChainText.Side(greeks: ["0.5", "[]", "1", "1", "1"]), "gamma_calc_call"),
        ]
        for (side, place) in odd {
            var text = PricedChainText()
            text.strikes[1].call = side
            let snapshot = try chain(text).snapshot
            #expect(snapshot.strikes.map(\.strike.description) == ["24900", "25000"])
            #expect(snapshot.strikes[1].call == nil && snapshot.strikes[1].put != nil)
            #expect(snapshot.listedStrikes == nil)
            #expect(snapshot.notes.count == 1 && snapshot.notes[0].contains(place), "\(snapshot.notes)")
        }
        var text = PricedChainText()
        text.strikes[1].strike = "\"ATM\""
        #expect(try chain(text).snapshot.strikes.count == 1)
        #expect(try chain(text).snapshot.notes.first?.contains("'ATM'") == true)
        for index in text.strikes.indices { text.strikes[index].call.openInterest = "-65" }
        text.strikes[1].strike = "25000"
        text.strikes[1].put.openInterest = "-65"
        #expect(throws: UnreadableField.self) { try PricedChain(body(text.body)) }
    }
}
