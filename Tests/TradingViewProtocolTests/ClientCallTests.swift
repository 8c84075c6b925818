import JSON
import MarketData
import TestSupport
import Testing

@testable import TradingViewProtocol

@Suite("Client calls")
struct ClientCallTests {
    private static let chart = SessionID(rawValue: "cs_abcdefghijkl")
    private static let quote = SessionID(rawValue: "qs_abcdefghijkl")

    private static let calls: [(ClientCall, String)] = [
        (.setAuthToken("unauthorized_user_token"), "\"set_auth_token\",\"p\":[\"unauthorized_user_token\"]"),
        (.setLocale(language: "en", country: "US"), "\"set_locale\",\"p\":[\"en\",\"US\"]"),
        (.chartCreateSession(chart), "\"chart_create_session\",\"p\":[\"cs_abcdefghijkl\",\"\"]"),
        (.chartDeleteSession(chart), "\"chart_delete_session\",\"p\":[\"cs_abcdefghijkl\"]"),
        (.switchTimezone(chart, zone: "Etc/UTC"), "\"switch_timezone\",\"p\":[\"cs_abcdefghijkl\",\"Etc/UTC\"]"),
        (
            .resolveSymbol(chart, name: "sds_sym_1", SymbolSpecification("NSE:NIFTY", adjustment: .splits)),
            "\"resolve_symbol\",\"p\":[\"cs_abcdefghijkl\",\"sds_sym_1\","
                + "\"={\\\"adjustment\\\":\\\"splits\\\",\\\"symbol\\\":\\\"NSE:NIFTY\\\"}\"]"
        ),
        (
            .createSeries(
                chart, series: "sds_1", turnaround: "s1", symbolName: "sds_sym_1", Resolution(.fiveMinutes),
                .newest(300)),
            "\"create_series\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\",\"sds_sym_1\",\"5\",300,\"\"]"
        ),
        (
            .createSeries(
                chart, series: "sds_1", turnaround: "s1", symbolName: "sds_sym_1", Resolution(.oneDay),
                .upTo(Timestamp(seconds: 1_700_000_000), count: 50), range: "12M"),
            "\"create_series\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\",\"sds_sym_1\",\"1D\","
                + "[\"bar_count\",1700000000,50],\"12M\"]"
        ),
        (
            .modifySeries(
                chart, series: "sds_1", turnaround: "s2", symbolName: "sds_sym_2", Resolution(.oneWeek)),
            "\"modify_series\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s2\",\"sds_sym_2\",\"1W\",\"\"]"
        ),
        (.removeSeries(chart, series: "sds_1"), "\"remove_series\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\"]"),
        (
            .requestMoreData(chart, series: "sds_1", count: 1000),
            "\"request_more_data\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",1000]"
        ),
        (
            .requestMoreTickmarks(chart, series: "sds_1", count: 10),
            "\"request_more_tickmarks\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",10]"
        ),
        (
            .getFirstBarTime(chart, symbolName: "sds_sym_1", Resolution(.oneMonth)),
            "\"get_first_bar_time\",\"p\":[\"cs_abcdefghijkl\",\"sds_sym_1\",\"1M\"]"
        ),
        (
            .createStudy(
                chart, study: "st1", turnaround: "st1", series: "sds_1", type: "Volume@tv-basicstudies-261",
                inputs: ["length": 20]),
            "\"create_study\",\"p\":[\"cs_abcdefghijkl\",\"st1\",\"st1\",\"sds_1\",\"Volume@tv-basicstudies-261\","
                + "{\"length\":20}]"
        ),
        (.removeStudy(chart, study: "st1"), "\"remove_study\",\"p\":[\"cs_abcdefghijkl\",\"st1\"]"),
        (.quoteCreateSession(quote), "\"quote_create_session\",\"p\":[\"qs_abcdefghijkl\"]"),
        (.quoteDeleteSession(quote), "\"quote_delete_session\",\"p\":[\"qs_abcdefghijkl\"]"),
        (.quoteSetFields(quote, ["lp", "ch"]), "\"quote_set_fields\",\"p\":[\"qs_abcdefghijkl\",\"lp\",\"ch\"]"),
        (.quoteAddSymbols(quote, ["A:B", "C:D"]), "\"quote_add_symbols\",\"p\":[\"qs_abcdefghijkl\",\"A:B\",\"C:D\"]"),
        (.quoteFastSymbols(quote, ["A:B"]), "\"quote_fast_symbols\",\"p\":[\"qs_abcdefghijkl\",\"A:B\"]"),
        (.quoteRemoveSymbols(quote, ["A:B"]), "\"quote_remove_symbols\",\"p\":[\"qs_abcdefghijkl\",\"A:B\"]"),
        (.quoteHibernateAll(quote), "\"quote_hibernate_all\",\"p\":[\"qs_abcdefghijkl\"]"),
    ]

    @Test("each call is written as TradingView's page writes it", arguments: calls.indices)
    func encoding(_ position: Int) throws {
        let (call, json) = ClientCallTests.calls[position]
        #expect(String(decoding: call.encoded(), as: UTF8.self) == framed("{\"m\":\(json)}"))
        let received = try #require(ClientCallDecoder.decode(call.payload))
        #expect(received.name == call.name)
    }

    @Test("sent text is ASCII, so that every way to count its length agrees")
    func ascii() throws {
        let call = ClientCall.quoteAddSymbols(ClientCallTests.quote, ["X:삼성🚀\n\"\\"])
        #expect(call.encoded().allSatisfy { (0x20..<0x7F).contains($0) })
        #expect(ClientCallDecoder.decode(call.payload)?.names == ["X:삼성🚀\n\"\\"])
    }

    @Test("a token is in no description")
    func secrets() {
        let call = ClientCall.setAuthToken("s3cr3t-t0ken")
        var dumped = ""
        dump(call, to: &dumped)
        dump([call], to: &dumped)
        for text in ["\(call)", String(reflecting: call), "\([call])", "\(Optional(call) as Any)", dumped] {
            #expect(!text.contains("s3cr3t"))
        }
    }

    @Test("session names have their prefix and twelve characters, the same for the same seed")
    func sessions() {
        var generator = SeededGenerator(seed: 1)
        let names = (0..<100).map { _ in SessionID.chart(using: &generator) }
        #expect(Set(names).count == 100)
        #expect(names.allSatisfy { $0.isChart && $0.rawValue.utf8.count == 15 })
        #expect(names.allSatisfy { $0.rawValue.dropFirst(3).allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
        var again = SeededGenerator(seed: 1)
        #expect(SessionID.chart(using: &again) == names[0])
        #expect(SessionID.quote(using: &again).isQuote)
    }

    @Test("reads create_series with five, six and seven parameters, and a bar count up to a time")
    func createSeries() throws {
        let five = "\"cs_a\",\"s\",\"s1\",\"y\",\"60\""
        let counts = try [five, "\(five),300", "\(five),300,\"1D\"", "\(five),[\"bar_count\",1700000000,-10]"].map {
            let json = "{\"m\":\"create_series\",\"p\":[\($0)]}"
            let call = try #require(ClientCallDecoder.decode(Array(json.utf8)))
            return try #require(CreateSeriesParameters(call))
        }
        #expect(
            counts.map(\.count)
                == [nil, .newest(300), .newest(300), .upTo(Timestamp(seconds: 1_700_000_000), count: -10)])
        #expect(counts.map(\.range) == ["", "", "1D", ""])
        #expect(counts.allSatisfy { $0.resolution.interval == .oneHour })
    }

    @Test("reads fields in a nested list, and an options object among symbols")
    func lenientNames() throws {
        let nested = "{\"m\":\"quote_set_fields\",\"p\":[\"qs_a\",[\"lp\",\"ch\"]]}"
        #expect(ClientCallDecoder.decode(Array(nested.utf8))?.names == ["lp", "ch"])
        let flags = "{\"m\":\"quote_add_symbols\",\"p\":[\"qs_a\",\"A:B\",{\"flags\":[\"force_permission\"]}]}"
        let call = try #require(ClientCallDecoder.decode(Array(flags.utf8)))
        #expect(call.names == ["A:B"] && call.hasOptions && call.session == SessionID(rawValue: "qs_a"))
    }

    @Test(
        "an invalid call is nil", arguments: ["", "[]", "{}", "{\"m\":1}", "{\"m\":\"x\",\"p\":{}}", "{\"m\":\"x\""])
    func noCall(_ json: String) {
        #expect(ClientCallDecoder.decode(Array(json.utf8)) == nil)
    }
}
