import JSON
import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Chains of three generations")
struct ChainReadingTests {
    @Test("the three generations spell the same chain differently, and read the same")
    func alike() throws {
        let text = ChainText()
        let newest = try chain(text.nextAPI)
        #expect(newest.rows.map(\.strike.description) == ["24900", "25000", "25100"])
        #expect(newest.stamp == india("2026-11-20 10:30"))
        #expect(newest.spot == 25012.35)
        let side = try #require(newest.rows[1].call)
        #expect(side.openInterest == 60)
        #expect(side.change == -30)
        #expect(side.bid == SiteChain.Order(price: 55.45, shares: 130))
        #expect(side.ask == SiteChain.Order(price: 55.6, shares: 65))
        for (text, generation) in [(text.versionThree, ChainGeneration.versionThree), (text.legacy, .legacy)] {
            var older = try chain(text, generation)
            // The newest generation alone does not show how many strikes there are.
            #expect(older.listedStrikes == 3)
            older.listedStrikes = nil
            #expect(older == newest)
        }
    }

    @Test("rows of other expiries are left out, and a chain of others only names them")
    func otherExpiries() throws {
        var text = ChainText()
        text.rows.append(ChainText.Row(strike: "25000", expiry: "01-Dec-2026"))
        #expect(try chain(text.legacy, .legacy).rows.count == 3)
        text.rows = [ChainText.Row(strike: "25000", expiry: "30-Nov-2026")]
        #expect(try fault(text.nextAPI) == .otherExpiries([day("2026-11-30")]))
        text.rows = []
        #expect(try fault(text.nextAPI) == .otherExpiries([]))
    }

    @Test("a chain without its rows says which part is missing")
    func missingRecords() throws {
        #expect(try fault(#"{"timestamp":"20-Nov-2026 10:30:00"}"#) == .missingRecords("response.data"))
        for text in [#"{"filtered":{}}"#, #"{"records":null}"#, #"{"records":{},"filtered":{}}"#] {
            #expect(try fault(text, .versionThree) == .missingRecords("response.records"))
            #expect(try fault(text, .legacy) == .missingRecords("response.records"))
        }
        #expect(try fault(#"{"records":{"timestamp":"x"}}"#, .versionThree) == .missingRecords("response.records.data"))
    }

    @Test("a side that is missing, null or empty is unknown, and zeros that mean unknown are nil")
    func unknown() throws {
        var text = ChainText()
        text.rows = [
            ChainText.Row(strike: "25000", put: nil),
            ChainText.Row(
                strike: "25100", call: ChainText.Side(openInterest: "0", change: "0", last: "0", volatility: "0"),
                put: nil),
        ]
        let rows = try chain(text.nextAPI).rows
        #expect(rows[0].put == nil)
        let side = try #require(rows[1].call)
        #expect(side.openInterest == 0)
        #expect(side.last == nil)
        #expect(side.impliedVolatility == nil)
        let null = #"{"data":[{"expiryDates":"24-11-2026","strikePrice":25000,"CE":null,"PE":{}}],"#
        let row = try chain(null + #""timestamp":"20-Nov-2026 10:30:00"}"#)
        #expect(row.rows == [SiteChain.Row(strike: try #require(Strike(25000)), call: nil, put: nil)])
        #expect(row.spot == nil)
    }

    @Test("null or absent values are nil rather than zero")
    func absentValues() throws {
        var text = ChainText()
        text.rows = [ChainText.Row(strike: "25000", call: ChainText.Side(openInterest: "null", change: "\"-\""))]
        let side = try #require(try chain(text.nextAPI).rows[0].call)
        #expect(side.openInterest == nil)
        #expect(side.change == nil)
    }

    @Test("contradictory or invalid values name their place")
    func unreadable() throws {
        func place(_ change: (inout ChainText) -> Void) throws -> String? {
            var text = ChainText()
            change(&text)
            guard case .unreadable(let field) = try fault(text.nextAPI) else { return nil }
            return field.path
        }
        #expect(try place { $0.timestamp = nil } == "response.timestamp")
        #expect(try place { $0.timestamp = "20/11/2026" } == "response.timestamp")
        #expect(try place { $0.rows[0].put?.underlying = "BANKNIFTY" } == "response.data[0].PE.underlying")
    }

    @Test(
        "a side with impossible numbers is left out with a note, and the others stay",
        arguments: [
            ("\"n/a\"", "10", "55.5", "openInterest"), ("-1", "10", "55.5", "openInterest"),
            ("0", "100", "55.5", "CE"), ("100", "10", "-5", "lastPrice"), ("100", "[]", "1", "changeinOpenInterest"),
        ])
    func inconsistentSide(openInterest: String, change: String, last: String, place: String) throws {
        var text = ChainText()
        text.rows[0].call = ChainText.Side(openInterest: openInterest, change: change, last: last)
        for (text, generation) in [(text.nextAPI, ChainGeneration.nextAPI), (text.legacy, .legacy)] {
            let chain = try chain(text, generation)
            #expect(chain.rows.map(\.strike.description) == ["24900", "25000", "25100"])
            #expect(chain.rows[1].call == nil)
            #expect(chain.rows[1].put?.openInterest == 40)
            #expect(chain.dropped.count == 1)
            #expect(chain.dropped.first?.contains(place) == true)
        }
    }

    @Test("a row that cannot be placed is left out with a note, and the others stay")
    func oddRow() throws {
        func read(_ change: (inout ChainText) -> Void) throws -> SiteChain {
            var text = ChainText()
            change(&text)
            return try chain(text.nextAPI)
        }
        func strikes(_ chain: SiteChain) -> [String] { chain.rows.map(\.strike.description) }
        let all = strikes(try read { _ in })
        for strike in ["null", "0", "-25000", "\"x\"", "{}"] {
            let chain = try read { $0.rows[1].strike = strike }
            #expect(strikes(chain).count == 2, "\(strike)")
            #expect(chain.dropped.first?.contains("data[1]") == true && chain.dropped.count == 1)
        }
        for expiry in ["soon", "31-Feb-2026"] {
            let chain = try read { $0.rows[1].expiry = expiry }
            #expect(strikes(chain).count == 2 && chain.dropped.count == 1)
        }
        // One that stands twice with other values is neither, one that repeats another is that one.
        let twice = try read {
            $0.rows.append($0.rows[1])
            $0.rows[3].call?.openInterest = "77"
        }
        #expect(strikes(twice).count == 2 && twice.dropped.count == 1)
        let repeated = try read { $0.rows.append($0.rows[1]) }
        #expect(strikes(repeated) == all && repeated.dropped.isEmpty)
        // Something that is not a row, and a side that is not an object.
        let text = ChainText().nextAPI
        for item in ["null", "[1]", "\"-\"", "0"] {
            let chain = try chain(text.replacing("\"data\":[", with: "\"data\":[\(item),"))
            #expect(strikes(chain) == all && chain.dropped.count == 1, "\(item)")
        }
        // A side that names another expiry than its row.
        let other = "\"expiryDate\":\"25-11-2026\""
        let moved = try chain(text.replacing("\"expiryDate\":\"24-11-2026\"", with: other, maxReplacements: 1))
        #expect(strikes(moved) == all && moved.rows[1].call == nil && moved.rows[1].put != nil)
        #expect(moved.dropped.first?.contains("CE.expiryDate") == true && moved.dropped.count == 1)
    }

    @Test("where most sides are impossible the chain is invalid and the first of them is named")
    func mostlyInconsistent() throws {
        var text = ChainText()
        for index in text.rows.indices { text.rows[index].call?.last = "-5" }
        #expect(try fault(text.nextAPI) == nil)
        text.rows[0].put?.last = "-5"
        guard case .unreadable(let field) = try fault(text.nextAPI) else {
            Issue.record("read")
            return
        }
        #expect(field.path == "response.data[0].CE.lastPrice")
    }

    @Test("a side that names no contract and has only zeros is absent rather than zero")
    func withoutContract() throws {
        func read(_ identifier: String, _ openInterest: String) throws -> SiteChain {
            try chain(
                #"{"records":{"timestamp":"20-Nov-2026 10:30:00","data":[{"expiryDates":"24-Nov-2026","strikePrice":25000,"#
                    + #""CE":{"identifier":\#(identifier),"strikePrice":0,"underlying":null,"openInterest":\#(openInterest),"#
                    + #""changeinOpenInterest":0,"totalTradedVolume":0,"impliedVolatility":0,"lastPrice":0,"buyPrice1":0},"#
                    + #""PE":{"identifier":"OPTIDXNIFTY24-11-2026PE25000.00","strikePrice":25000,"openInterest":0,"#
                    + #""changeinOpenInterest":0,"totalTradedVolume":0,"lastPrice":0}}]}}"#, .versionThree)
        }
        for identifier in ["null", "\"\""] {
            let row = try read(identifier, "0").rows[0]
            #expect(row.call == nil)
            #expect(row.put?.openInterest == 0)
            #expect(try read(identifier, "0").dropped == [])
        }
    }

    @Test("odd fractional strikes are kept exactly")
    func oddStrikes() throws {
        var text = ChainText()
        text.rows = [ChainText.Row(strike: "112.9"), ChainText.Row(strike: "112")]
        #expect(try chain(text.nextAPI).rows.map(\.strike.description) == ["112", "112.9"])
    }

    @Test("rows of one generation in the envelope of another are read by their own names")
    func mixedSpelling() throws {
        let text = ChainText()
        let expected = try chain(text.legacy, .legacy)
        let legacyRows = text.legacy.replacing(
            "\"expiryDate\":\"24-Nov-2026\",\"strikePrice\"", with: "\"strikePrice\"")
        #expect(try chain(text.legacy, .versionThree).rows == expected.rows)
        #expect(try chain(legacyRows, .versionThree).rows == expected.rows)
        #expect(try chain(text.versionThree, .legacy).rows == expected.rows)
    }

    @Test("a strike and a spot may come from the sides, and sides that disagree give no spot")
    func namedBySides() throws {
        func read(_ put: String) throws -> SiteChain {
            try chain(
                #"{"data":[{"expiryDates":"24-11-2026","CE":{"strikePrice":25000,"openInterest":1,"#
                    + #""underlyingValue":25012.35},"PE":{"strikePrice":25000,"openInterest":2,"underlyingValue":\#(put)}}],"#
                    + #""timestamp":"20-Nov-2026 10:30:00","underlyingValue":0}"#)
        }
        let agreed = try read("25012.35")
        #expect(agreed.rows.map(\.strike.description) == ["25000"])
        #expect(agreed.spot == 25012.35)
        #expect(try read("25013").spot == nil)
    }

    @Test("the number of listed strikes is that of the requested expiry, where the response shows it")
    func listedStrikes() throws {
        var text = ChainText()
        text.rows.append(ChainText.Row(strike: "26000", expiry: "01-Dec-2026"))
        #expect(try chain(text.legacy, .legacy).listedStrikes == 3)
        #expect(try chain(text.nextAPI).listedStrikes == nil)
        #expect(try chain(text.versionThree, .versionThree).listedStrikes == 3)
        text.strikePrices = ["24900", "25000", "25100", "26000"]
        #expect(try chain(text.versionThree, .versionThree).listedStrikes == nil)
    }

    @Test("a chain with as many strikes as all expiries list is complete, and another may be a window")
    func wholeChain() throws {
        func listed(_ strikesOfAllExpiries: Int?) throws -> Int? {
            try chain(ChainText().nextAPI).snapshot(
                of: .nifty, lot: nil, feed: "test", strikesOfAllExpiries: strikesOfAllExpiries,
                now: india("2026-11-20 10:32")
            ).listedStrikes
        }
        #expect(try listed(3) == 3)
        #expect(try listed(4) == nil)
        #expect(try listed(2) == nil)
        #expect(try listed(nil) == nil)
    }

    @Test("the dropdown's strikes may be text or numbers, and its expiries come in any order")
    func dropdown() throws {
        let text =
            #"{"expiryDates":["01-Dec-2026","24-Nov-2026","24-Nov-2026"],"strikePrice":["24900","112.90",25000]}"#
        let listed = try ListedContracts(ResponseReading.object(of: response(text)), code: "NIFTY")
        #expect(listed.expiries == [day("2026-11-24"), day("2026-12-01")])
        #expect(listed.strikes == 3)
        let none = try ListedContracts(ResponseReading.object(of: response(#"{"expiryDates":[]}"#)), code: "NIFTY")
        #expect(none.expiries == [])
        #expect(none.strikes == nil)
        for wrong in [#"{"a":1}"#, #"{"expiryDates":["soon"]}"#, #"{"expiryDates":[],"strikePrice":["x"]}"#] {
            let object = try ResponseReading.object(of: response(wrong))
            #expect(throws: ChainFault.self) { try ListedContracts(object, code: "NIFTY") }
        }
    }
}
