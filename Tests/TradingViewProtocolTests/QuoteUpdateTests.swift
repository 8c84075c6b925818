import JSON
import MarketData
import Testing

@testable import TradingViewProtocol

@Suite("Quotes")
struct QuoteUpdateTests {
    private func update(_ fields: String, status: String = "ok") throws -> QuoteUpdate {
        let json = "{\"m\":\"qsd\",\"p\":[\"qs_abcdefghijkl\",{\"n\":\"NSE:X\",\"s\":\"\(status)\",\"v\":\(fields)}]}"
        return try #require(event(json).quote)
    }

    @Test("a number may be an integer, a fraction or text; null and 1e+100 clear it; an absent field changes nothing")
    func numbers() throws {
        let update = try update(
            "{\"lp\":812.35,\"volume\":5150000000,\"bid\":\"812.25\",\"ask\":null,\"open_price\":1e+100,\"x\":\"n/a\"}"
        )
        #expect(update.fields.change(of: .last) == .value(812.35))
        #expect(update.fields.change(of: .volume) == .value(5_150_000_000))
        #expect(update.fields.change(of: .bid) == .value(812.25))
        #expect(update.fields.change(of: .ask) == .cleared)
        #expect(update.fields.change(of: .open) == .cleared)
        #expect(update.fields.change(of: .high) == nil)
        #expect(update.fields["x"] == "n/a" && update.fields["open_price"] == .number(1e100))
    }

    @Test("plain and other spellings give the same fields, and the last of two counts")
    func spellings() throws {
        let plain = try update("{\"lp\":812.35,\"lp_time\":1764669540,\"ch\":-0.5,\"chp\":0,\"low_price\":-0}")
        let spaced = try update(
            "{ \"lp\":8.1235e2,\"lp_time\":1764669540,\"ch\":-0.5,\"chp\":0,\"low_price\":-0}")
        #expect(plain == spaced && plain.fields.keys.count == 5)
        #expect(try update("{\"lp\":1,\"lp\":2}") == update("{\"lp\":\"1\",\"lp\":2}"))
        #expect(try update("{\"lp\":1,\"lp\":null}") == update("{\"lp\":\"1\",\"lp\":null}"))
        #expect(try update("{\"lp\":1,\"lp\":\"2\"}").fields == ["lp": "2"])
    }

    @Test("merged fields are the newer update's where it has them")
    func mergedFields() {
        var fields: QuoteFields = ["lp": 1, "bid": "2", "ask": 3, "type": "index"]
        fields.merge(["lp": .null, "bid": 4, "ask": "5", "type": "stock"])
        #expect(fields == ["lp": .null, "bid": 4, "ask": "5", "type": "stock"])
        fields.merge([:])
        #expect(fields.keys.sorted() == ["ask", "bid", "lp", "type"] && !fields.isEmpty)
    }

    @Test("a message truncated anywhere is unreadable, also where its last byte is a brace")
    func truncated() throws {
        let text = "{\"m\":\"qsd\",\"p\":[\"qs_abcdefghijkl\",{\"n\":\"NSE:X\",\"s\":\"ok\",\"v\":{\"lp\":812.35}}]}"
        for length in 0..<text.utf8.count {
            let cut = Array(text.utf8.prefix(length))
            #expect(ServerEventDecoder.decode(cut).isUnreadable)
            #expect(ServerEventDecoder.decode(cut + [UInt8(ascii: "}")]).isUnreadable || length == text.utf8.count - 1)
        }
    }

    @Test("an update changes only its own fields")
    func merging() throws {
        let provenance = Provenance(
            source: .tradingview, feed: nil, mode: .streaming, delaySeconds: 0, asOf: Timestamp(seconds: 0))
        var quote = Quote(symbol: Symbol(exchange: "NSE", ticker: "X"), provenance: provenance)
        try update("{\"lp\":10,\"lp_time\":1764669540,\"ch\":-0.5,\"volume\":7,\"current_session\":\"market\"}")
            .apply(to: &quote)
        try update("{\"lp\":11.5,\"volume\":null}").apply(to: &quote)
        #expect(quote.last == 11.5 && quote.change == -0.5 && quote.volume == nil && quote.bid == nil)
        #expect(quote.lastTime == Timestamp(seconds: 1_764_669_540) && quote.session == "market")
    }

    @Test("a refused name has a reason")
    func refused() throws {
        #expect(try update("{}", status: "permission_denied").status == .permissionDenied)
        let json =
            "{\"m\":\"qsd\",\"p\":[\"qs_x\",{\"n\":\"A:B\",\"s\":\"error\",\"errmsg\":\"no_such_symbol\",\"v\":{}}]}"
        #expect(event(json).quote?.status == .error && event(json).quote?.errorMessage == "no_such_symbol")
    }

    @Test("lists, objects and flags are kept unchanged")
    func openFields() throws {
        let update = try update(
            "{\"typespecs\":[\"main\"],\"rt_loaded\":true,\"source2\":{\"id\":\"NSE\"},\"s\":\"é😀\"}")
        #expect(update.fields["typespecs"] == ["main"] && update.fields["rt_loaded"] == true)
        #expect(update.fields["source2"]?["id"] == "NSE" && update.text("s") == "é😀")
    }

    @Test("whitespace and another key order make no difference")
    func otherShapes() throws {
        let json =
            "{\"p\":[\"qs_abcdefghijkl\", { \"v\":{ \"lp\" : 1.5 },\"s\":\"ok\",\"n\":\"NSE:X\"} ] , \"m\":\"qsd\"}"
        #expect(event(json).quote == (try update("{\"lp\":1.5}")))
    }

    @Test(
        "a malformed quote is unreadable",
        arguments: [
            "{\"lp\":}", "{\"lp\":1e999}", "{\"lp\":nul}", "[]", "{\"lp\":1", "{\"lp\":01}", "{\"a\":\"\u{1}\"}",
        ]
    )
    func malformed(_ fields: String) {
        #expect(event("{\"m\":\"qsd\",\"p\":[\"qs_x\",{\"n\":\"A:B\",\"s\":\"ok\",\"v\":\(fields)}]}").isUnreadable)
    }

    @Test("a quote without name or status is unreadable")
    func nameless() {
        #expect(event("{\"m\":\"qsd\",\"p\":[\"qs_x\",{\"s\":\"ok\",\"v\":{}}]}").isUnreadable)
        #expect(event("{\"m\":\"qsd\",\"p\":[\"qs_x\",{\"n\":\"A:B\",\"v\":{}}]}").isUnreadable)
    }
}
