import JSON
import MarketData
import Testing

@testable import TradingViewProtocol

@Suite("Bars")
struct ChartUpdateTests {
    private let session = SessionID(rawValue: "cs_abcdefghijkl")

    private func du(_ bars: String) -> ServerEvent {
        event("{\"m\":\"du\",\"p\":[\"cs_abcdefghijkl\",{\"sds_1\":{\"s\":\(bars),\"t\":\"s1\"}}]}")
    }

    @Test("reads a live update of the forming bar")
    func formingBar() {
        let json = """
            {"m":"du","p":["cs_abcdefghijkl",{"sds_1":{"s":[{"i":299,"v":[1764669540.0,100.5,101.25,99.75,101.0,1200.0]}],\
            "ns":{"d":"","indexes":[]},"t":"s2","lbs":{"bar_close_time":1764669600}}}]}
            """
        let bar = SeriesBar(
            index: 299,
            time: Timestamp(seconds: 1_764_669_540),
            open: 100.5,
            high: 101.25,
            low: 99.75,
            close: 101,
            volume: 1200
        )
        let block = ChartBlock(
            id: "sds_1",
            kind: .series,
            turnaround: "s2",
            bars: [bar],
            barCloseTime: Timestamp(seconds: 1_764_669_600)
        )
        #expect(event(json) == .dataUpdate(ChartUpdate(session: session, blocks: [block])))
    }

    @Test("several series and studies in one update are separate")
    func severalBlocks() throws {
        let json = """
            {"m":"timescale_update","p":["cs_abcdefghijkl",{"a":{"s":[{"i":-3,"v":[60.0,1,2,0.5,1.5]}],"t":"s1"},\
            "b":{"node":"n","st":[{"i":0,"v":[60.0,5.0]}],"ns":{"d":"{\\"x\\":1}","indexes":[-2000000]},"t":"s1_st1"},\
            "c":{"plots":[{"index":0,"value":[1,2]}],"t":"turnaround"},\
            "d":{"s":[{"i":0,"v":[60.25,1,2,0.5,1.5,7,9.5]}],"t":"s1"}},\
            {"index":0,"zoffset":-3,"changes":[60.0],"marks":[[20,60,0]],"index_diff":[]}],"t":5,"t_ms":5001}
            """
        let update = try #require(event(json).update)
        #expect(update.blocks.map(\.kind) == [.series, .study, .drawing, .series])
        #expect(update.block("a")?.bars.first?.volume == nil)
        #expect(update.block("a")?.bars.first?.index == -3)
        #expect(update.block("b")?.bars == [])
        #expect(update.block("d")?.bars.first?.openInterest == 9.5)
        #expect(update.block("d")?.bars.first?.time == Timestamp(milliseconds: 60_250))
        #expect(update.scale == TimeScale(index: 0, zeroOffset: -3, changes: 1))
        #expect(update.serverTime == Timestamp(milliseconds: 5001))
    }

    @Test("an update that only adds time points has no blocks and is not unreadable")
    func emptyMap() throws {
        let json = "{\"m\":\"timescale_update\",\"p\":[\"cs_a\",{},{\"index\":9,\"changes\":[60.0,120.0]}],\"t\":1}"
        let update = try #require(event(json).update)
        #expect(update.blocks.isEmpty && update.scale?.changes == 2)
        #expect(event("{\"m\":\"du\",\"p\":[\"cs_a\",{}]}").update?.blocks == [])
    }

    @Test("volume and open interest may be null or unknown")
    func noVolume() throws {
        let bars = try #require(
            du("[{\"i\":0,\"v\":[60,1,2,0.5,1.5,null]},{\"i\":1,\"v\":[120,1,2,0.5,1.5,1e+100,null]}]").update?
                .blocks.first?.bars)
        #expect(bars.map(\.volume) == [nil, nil] && bars.map(\.time.seconds) == [60, 120])
    }

    @Test("numbers may be whole, with exponents, and of many digits")
    func spellings() throws {
        let bar = try #require(
            du("[{\"i\":0,\"v\":[1.7646696e9,1e2,1.0125E+2,9975e-2,100.99999999999999999999,12e3]}]").update?
                .blocks.first?.bars.first)
        #expect(bar.time == Timestamp(seconds: 1_764_669_600))
        #expect([bar.open, bar.high, bar.low, bar.close, bar.volume] == [100, 101.25, 99.75, 101, 12000])
    }

    @Test("whitespace, another key order and unknown keys make no difference")
    func otherShapes() throws {
        let json = """
            { "t_ms" : 7000, "p" : [ "cs_abcdefghijkl", { "sds_1" : { "x" : [ {} ], "t" : "s1",
              "s" : [ { "v" : [ 60 , 1 , 2 , 0.5 , 1.5 , 3 ] , "i" : 4.0 , "z" : null } ] } } ], "m" : "du" }
            """
        let plain = du("[{\"i\":4,\"v\":[60,1,2,0.5,1.5,3]}]")
        #expect(event(json).update?.blocks == plain.update?.blocks)
        #expect(plain.update?.blocks.first?.bars.count == 1)
        #expect(event(json).update?.serverTime == Timestamp(seconds: 7))
    }

    @Test(
        "a malformed bar makes the whole message unreadable",
        arguments: [
            "[{\"i\":0,\"v\":[60,1,2,0.5]}]", "[{\"i\":0,\"v\":[]}]", "[{\"i\":0}]", "[{\"v\":[60,1,2,0.5,1.5]}]",
            "[{\"i\":0,\"v\":[60,1,2,\"0.5\",1.5]}]", "[{\"i\":0,\"v\":[60,1,2,null,1.5,3]}]",
            "[{\"i\":0,\"v\":[60,1,2,NaN,1.5,3]}]", "[{\"i\":0,\"v\":[60,1,1e999,0.5,1.5]}]",
            "[{\"i\":0,\"v\":[60,1,2,0.5,1e+100]}]", "[{\"i\":0,\"v\":[1e15,1,2,0.5,1.5]}]",
            "[{\"i\":0,\"v\":[60,1,2,0.5,1.5,\"3\"]}]", "[{\"i\":0,\"v\":[60,1,2,0.5,1.5,3}]",
            "[{\"i\":0,\"v\":[60,1,2,",
            "[{\"i\":0.5,\"v\":[60,1,2,0.5,1.5]}]", "[{\"i\":\"0\",\"v\":[60,1,2,0.5,1.5]}]", "{}", "null", "7",
            "[{\"i\":0,\"v\":[60,1,2,0.5,1.5]},]", "[{\"i\":0,\"v\":[60,1,2,0.5,1.5,]}]", "[[60,1,2,0.5,1.5]]",
            "[{\"i\":0,\"v\":[60,1,2,0.5,1.5]} {\"i\":1,\"v\":[60,1,2,0.5,1.5]}]",
        ]
    )
    func malformed(_ bars: String) {
        #expect(du(bars).isUnreadable)
    }

    @Test(
        "damage in skipped parts, or after the message, makes it unreadable",
        arguments: [
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"s\":[],\"ns\":{\"d\":\"\\q\"}}}]}",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"st\":[{\"i\":0,\"v\":[1,02]}]}}]}",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"node\":tru,\"s\":[]}}]}",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"s\":[]}}]}x",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"s\":[]}}]}}",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"s\":[]}}]", "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":{\"s\":[]}}",
            "{\"m\":\"du\",\"p\":[\"cs_a\",{\"x\":[]}]}", "{\"m\":\"du\",\"p\":[\"cs_a\"]}",
            "{\"m\":\"du\",\"p\":[7,{}]}",
            "{\"m\":\"du\"}", "{\"m\":\"timescale_update\",\"p\":[\"cs_a\",{},{\"marks\":[[20,60,0],[20,,]]}]}",
        ]
    )
    func damaged(_ json: String) {
        #expect(event(json).isUnreadable)
    }

    @Test("converts a bar to Bhav's type")
    func inOurWords() {
        let bar = SeriesBar(index: 1, time: Timestamp(seconds: 60), open: 1, high: 2, low: 0.5, close: 1.5, volume: 3)
        let expected = Bar(
            time: Timestamp(seconds: 60), open: 1, high: 2, low: 0.5, close: 1.5, volume: 3, isFinal: false)
        #expect(bar.bar(isFinal: false) == expected)
    }
}

@Suite("Study data")
struct StudyDataTests {
    private func block(_ text: String) throws -> ChartBlock {
        let payload = #"{"m":"du","p":["cs_abcdefghijkl",{"st1":\#(text)}]}"#
        guard case .dataUpdate(let update) = ServerEventDecoder.decode(Array(payload.utf8)) else {
            Issue.record("no update: \(payload)")
            throw CancellationError()
        }
        return try #require(update.block("st1"))
    }

    @Test("rows keep their place and their values, and an invalid number is nil")
    func rows() throws {
        let block = try block(
            #"{"node":"n","st":[{"i":-3,"v":[1700000000.0,null,2.5]},{"x":1}],"ns":{"d":"","indexes":[]},"t":"s1_st1"}"#
        )
        #expect(block.kind == .study)
        #expect(block.turnaround == "s1_st1")
        #expect(block.study?.rows == [StudyData.Row(index: -3, values: [1_700_000_000, nil, 2.5])])
        #expect(block.study?.drawing == nil)
    }

    @Test("a drawing is read from its text, with its positions")
    func drawing() throws {
        let block = try block(#"{"st":[],"ns":{"d":"{\"a\":[1]}","indexes":[-2000000,7]},"t":"x"}"#)
        #expect(block.study?.drawing == ["a": [1]])
        #expect(block.study?.indexes == [-2_000_000, 7])
    }

    @Test("a study with invalid JSON or positions is not an error")
    func odd() throws {
        let block = try block(#"{"st":[],"ns":{"d":"{","indexes":"nochange"},"t":"x"}"#)
        #expect(block.study == StudyData())
    }
}
