import JSON
import MarketData
import Testing

@testable import TradingViewProtocol

@Suite("Server messages")
struct ServerEventTests {
    private static let chart = SessionID(rawValue: "cs_abcdefghijkl")
    private static let series = SeriesReference(session: chart, id: "sds_1", turnaround: "s1")

    private static let messages: [(String, ServerEvent)] = [
        ("\"series_loading\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\"]", .seriesLoading(series)),
        ("\"series_deleted\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\"]", .seriesDeleted(series)),
        ("\"study_loading\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\"]", .studyLoading(series)),
        ("\"study_completed\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\"]", .studyCompleted(series)),
        ("\"study_deleted\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\"]", .studyDeleted(series)),
        (
            "\"series_timeframe\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\",0,367,\"12M\",false]",
            .seriesTimeframe(series, from: 0, to: 367, range: "12M")
        ),
        (
            "\"series_error\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\",\"custom_resolution\",\"undefined\"]",
            .seriesError(series, reason: "custom_resolution")
        ),
        (
            "\"study_error\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"s1\",{\"error\":\"at most {max} of {what}\","
                + "\"ctx\":{\"max\":2,\"what\":\"studies\",\"plan\":\"free\"}},\"n\"]",
            .studyError(series, reason: "at most 2 of studies (plan: free)")
        ),
        (
            "\"symbol_error\",\"p\":[\"cs_abcdefghijkl\",\"sym_1\",\"permission denied\",\"group\",\"economics_paid\"]",
            .symbolError(chart, name: "sym_1", reason: "permission denied", details: ["group", "economics_paid"])
        ),
        ("\"clear_data\",\"p\":[\"cs_abcdefghijkl\",\"s1\"]", .clearData(chart, turnaround: "s1")),
        (
            "\"tickmark_update\",\"p\":[\"cs_abcdefghijkl\",{\"index\":1,\"zoffset\":0,\"changes\":[60],\"marks\":[]}]",
            .tickmarkUpdate(chart, TimeScale(index: 1, zeroOffset: 0, changes: 1))
        ),
        ("\"index_update\",\"p\":[\"cs_abcdefghijkl\",5]", .indexUpdate(chart, [5])),
        (
            "\"first_bar_time\",\"p\":[\"cs_abcdefghijkl\",\"sym_1\",1000000]",
            .firstBarTime(chart, symbolName: "sym_1", Timestamp(seconds: 1_000_000))
        ),
        ("\"studies_metadata\",\"p\":[\"cs_abcdefghijkl\",\"x\",{}]", .studiesMetadata(chart, ["x", [:]])),
        ("\"quote_completed\",\"p\":[\"cs_abcdefghijkl\",\"A:B\"]", .quoteCompleted(chart, name: "A:B")),
        ("\"replay_ok\",\"p\":[\"cs_abcdefghijkl\",\"r\"]", .replay(chart, .ok(request: "r"))),
        ("\"replay_point\",\"p\":[\"cs_abcdefghijkl\",7]", .replay(chart, .point(index: 7))),
        (
            "\"replay_error\",\"p\":[\"cs_abcdefghijkl\",\"r\",\"no\"]",
            .replay(chart, .error(request: "r", reason: "no"))
        ),
        ("\"replay_instance_id\",\"p\":[\"cs_abcdefghijkl\",\"i\"]", .replay(chart, .instance(id: "i"))),
        ("\"replay_resolutions\",\"p\":[\"cs_abcdefghijkl\",\"1\",0]", .replay(chart, .resolutions(["1", 0]))),
        ("\"replay_data_end\",\"p\":[\"cs_abcdefghijkl\"]", .replay(chart, .dataEnd([]))),
        (
            "\"critical_error\",\"p\":[\"cs_abcdefghijkl\",\"invalid_parameters\",\"quote_add_symbols\"]",
            .criticalError(chart, reason: "invalid_parameters", info: "quote_add_symbols")
        ),
        ("\"protocol_error\",\"p\":[\"wrong data\"]", .protocolError("wrong data")),
        ("\"notify_user\",\"p\":[\"x\",1]", .notifyUser(["x", 1])),
        ("\"protocol_switched\",\"p\":[\"json\"]", .protocolSwitched("json")),
    ]

    @Test("each message has its event", arguments: messages.indices)
    func events(_ position: Int) {
        let (json, expected) = ServerEventTests.messages[position]
        #expect(event("{\"m\":\(json)}") == expected)
    }

    @Test("a resolved symbol is an open dictionary, and missing values are nil")
    func resolvedSymbol() throws {
        let json = """
            {"m":"symbol_resolved","p":["cs_a","sym_1",{"full_name":"NSE:NIFTY","visible_plots_set":"ohlc","new":[1],\
            "timezone":"Asia/Kolkata","update_mode":"delayed_streaming_180","pricescale":100}],"t":1,"t_ms":1000}
            """
        guard case .symbolResolved(_, "sym_1", let symbol) = event(json) else {
            Issue.record("\(event(json))")
            return
        }
        #expect(symbol.fullName == "NSE:NIFTY" && symbol.proName == nil && symbol.hasIntraday == nil)
        #expect(symbol.hasVolume == false && symbol.updateMode == .delayedStreaming(seconds: 180))
        #expect(symbol.fields["new"] == [1] && symbol.subsessions.isEmpty && symbol.priceScale == 100)
        #expect(symbol.instrument(Symbol(exchange: "NSE", ticker: "NIFTY")).timeZone == "Asia/Kolkata")
    }

    @Test(
        "each update mode has its delay",
        arguments: [
            ("streaming", UpdateMode.streaming, 0), ("delayed_streaming_900", .delayedStreaming(seconds: 900), 900),
            ("delayed_streaming", .delayedStreaming(seconds: nil), nil), ("endofday", .endOfDay, nil),
            ("snapshot", .snapshot, nil), ("pulsed", .pulsed, nil),
            ("delayed_streaming_x", .other("delayed_streaming_x"), nil),
        ] as [(String, UpdateMode, Int?)]
    )
    func updateModes(_ text: String, _ mode: UpdateMode, _ delay: Int?) {
        #expect(UpdateMode(text) == mode && mode.delaySeconds == delay)
        #expect((mode.provenanceMode == .streaming) == (text == "streaming"))
    }

    @Test("reads the end of a series' history")
    func completion() {
        let json =
            "{\"m\":\"series_completed\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"endofday\",\"s1\",{\"data_completed\":\"end\"}]}"
        #expect(
            event(json)
                == .seriesCompleted(
                    ServerEventTests.series, SeriesCompletion(updateMode: .endOfDay, dataCompleted: .end)))
        let bare = "{\"m\":\"series_completed\",\"p\":[\"cs_abcdefghijkl\",\"sds_1\",\"streaming\",\"s1\"]}"
        #expect(event(bare) == .seriesCompleted(ServerEventTests.series, SeriesCompletion(updateMode: .streaming)))
    }

    @Test("an unknown message is kept, with bounded size")
    func unknown() {
        let json = "{\"m\":\"new_thing\",\"p\":[\"\(String(repeating: "x", count: 10_000))\"]}"
        guard case .unknown("new_thing", let payload) = event(json) else {
            Issue.record("\(event(json))")
            return
        }
        #expect(payload.count == ServerEventDecoder.longestPayloadKept)
    }

    @Test(
        "an invalid message, or a known one of another shape, is unreadable with a reason",
        arguments: [
            "", "null", "[]", "{}", "{\"m\":7}", "{\"m\":\"du\",\"p\":{}}",
            "{\"m\":\"series_loading\",\"p\":[\"cs_a\"]}",
            "{\"m\":\"series_error\",\"p\":[\"cs_a\",\"s\"]}", "{\"m\":\"symbol_error\",\"p\":[\"cs_a\"]}", "<html>",
            "{\"m\":\"symbol_resolved\",\"p\":[\"cs_a\",\"sym_1\",null]}",
            "{\"m\":\"first_bar_time\",\"p\":[\"c\",\"s\",\"x\"]}",
        ]
    )
    func unreadable(_ json: String) {
        guard case .unreadable(let reason, let excerpt) = event(json) else {
            Issue.record("\(event(json))")
            return
        }
        #expect(!reason.isEmpty && json.hasPrefix(excerpt))
    }

    @Test("a failure is one also without a reason or with one that is not text")
    func failures() {
        let chart = SessionID(rawValue: "cs_a")
        let series = SeriesReference(session: chart, id: "s", turnaround: "t")
        #expect(
            event("{\"m\":\"series_error\",\"p\":[\"cs_a\",\"s\",\"t\",5]}") == .seriesError(series, reason: "5"))
        let bare = "no reason given"
        #expect(event("{\"m\":\"series_error\",\"p\":[\"cs_a\",\"s\",\"t\"]}") == .seriesError(series, reason: bare))
        #expect(
            event("{\"m\":\"symbol_error\",\"p\":[\"cs_a\",\"x\",null]}")
                == .symbolError(chart, name: "x", reason: bare, details: []))
        #expect(
            event("{\"m\":\"critical_error\",\"p\":[\"cs_a\",[\"x\",1],{\"error\":\"a {b}\",\"ctx\":{\"b\":2}}]}")
                == .criticalError(chart, reason: "[\"x\",1]", info: "a 2"))
        #expect(
            event("{\"m\":\"critical_error\",\"p\":[]}")
                == .criticalError(SessionID(rawValue: ""), reason: bare, info: nil))
    }

    @Test("deep nesting is unreadable in every reader")
    func deepNesting() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(event(deep).isUnreadable)
        #expect(event("{\"m\":\"x\",\"p\":\(deep)").isUnreadable)
        #expect(event("{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"ns\":\(deep)").isUnreadable)
        #expect(event("{\"m\":\"qsd\",\"p\":[\"cs_a\",{\"v\":{\"a\":\(deep)").isUnreadable)
    }

    @Test("an event has its session")
    func sessions() {
        #expect(event("{\"m\":\"du\",\"p\":[\"cs_a\",{}]}").session == SessionID(rawValue: "cs_a"))
        #expect(event("{\"m\":\"protocol_error\",\"p\":[\"x\"]}").session == nil)
    }
}
