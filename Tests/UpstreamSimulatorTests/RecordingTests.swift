import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Recordings")
struct RecordingTests {
    private static func packet(_ payload: String) -> String {
        String(decoding: PacketEncoder.encode(payload), as: UTF8.self)
    }

    private static let hello = packet(#"{"session_id":"0.1.2_recorded","timestamp":1700000000}"#)

    /// A whole response as another client got it, in one message, with a price of many digits and foreign letters.
    private static func history(
        close: String, symbol: String = "NASDAQ:ABC", session: String = "cs_other", series: String = "sds_1",
        turnaround: String = "s9"
    ) -> String {
        packet(#"{"m":"series_loading","p":["\#(session)","\#(series)","\#(turnaround)"]}"#)
            + packet(
                #"{"m":"symbol_resolved","p":["\#(session)","sds_sym_1",{"name":"ABC","pro_name":"\#(symbol)","description":"Ä \"s9\" sds_1"}]}"#
            )
            + packet(
                #"{"m":"timescale_update","p":["\#(session)",{"\#(series)":{"node":"n","s":"#
                    + #"[{"i":0,"v":[1700000000.0,1.0,2.0,0.5,\#(close),7.0]}],"t":"\#(turnaround)"}},"#
                    + #"{"index":0,"changes":[],"last_session_switches":{"\#(series)":{"market":4}}}]}"#
            )
            + packet(
                #"{"m":"series_completed","p":["\#(session)","\#(series)","streaming","\#(turnaround)",{}]}"#
            )
    }

    private func client(_ files: [String: String]) throws -> CoreClient {
        let folder = try TemporaryFolder(files)
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.recording = folder.path
        return try CoreClient(configuration)
    }

    @Test("the recorded hello is the greeting")
    func hello() throws {
        let client = try client(["a-msg0.txt": Self.hello, "a-msg1.txt": Self.history(close: "1.5")])
        #expect(client.connection.greeting(at: CoreClient.start) == [.text(Array(Self.hello.utf8))])
    }

    @Test("a history is played under the client's own names, with no other byte changed")
    func renames() throws {
        var client = try client(["a-msg0.txt": Self.hello, "a-msg1.txt": Self.history(close: "1.23456789012345")])
        client.send(.chartCreateSession(CoreClient.chart))
        client.send(.resolveSymbol(CoreClient.chart, name: "my_symbol", SymbolSpecification("NASDAQ:ABC")))
        #expect(client.actions.isEmpty)
        client.send(
            .createSeries(
                CoreClient.chart, series: "$prices", turnaround: "x1", symbolName: "my_symbol", Resolution(code: "1D"),
                .newest(5))
        )
        let expected = Self.history(
            close: "1.23456789012345", session: CoreClient.chart.rawValue, series: "$prices", turnaround: "x1"
        ).replacingOnce("\"sds_sym_1\"", with: "\"my_symbol\"")
        guard case .text(let bytes) = client.actions.first else {
            Issue.record("nothing was played")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self).withoutLengths == expected.withoutLengths)
        #expect(client.events().bars("$prices").map(\.close) == [1.23456789012345])
    }

    @Test("a name used for both the series and its turnaround is identified by its place")
    func sameNames() throws {
        let text = Self.history(close: "3.0", series: "s1", turnaround: "s1")
        var client = try client(["a-msg1.txt": text])
        let events = client.history("NASDAQ:ABC", "1D", count: 5)
        let reference = SeriesReference(session: CoreClient.chart, id: "s1", turnaround: "t1")
        #expect(events.contains(.seriesLoading(reference)))
        #expect(events.contains { if case .seriesCompleted(reference, _) = $0 { true } else { false } })
        #expect(events.bars().map(\.close) == [3])
    }

    @Test("histories are played one after another, on each connection from the first, and then no more")
    func several() throws {
        let files = [
            "b-msg1.txt": Self.history(close: "2.0"), "a-msg10.txt": Self.history(close: "1.5"),
            "a-msg9.txt": Self.packet(#"{"m":"series_loading","p":["cs_other","sds_1","s9"]}"#),
        ]
        for _ in 1...2 {
            var client = try client(files)
            #expect(client.history("NASDAQ:ABC", "1D", count: 5).bars().map(\.close) == [1.5])
            #expect(client.history("NASDAQ:ABC", "1D", count: 5).bars().map(\.close) == [2])
            let refusal = client.history("NASDAQ:ABC", "1D", count: 5).seriesErrors
            #expect(refusal.first?.contains("no further history") == true)
        }
    }

    @Test("of several histories the one of the requested symbol is played first")
    func choosesBySymbol() throws {
        var client = try client([
            "a-msg1.txt": Self.history(close: "1.5"), "b-msg1.txt": Self.history(close: "2.0", symbol: "NYSE:XYZ"),
        ])
        #expect(client.history("NYSE:XYZ", "1D", count: 5).bars().map(\.close) == [2])
        #expect(client.history("NYSE:XYZ", "1D", count: 5).bars().map(\.close) == [1.5])
    }

    @Test("older bars than recorded do not exist, and no quotes are made up")
    func nothingElse() throws {
        var client = try client(["a-msg1.txt": Self.history(close: "1.5")])
        _ = client.history("NASDAQ:ABC", "1D", count: 5)
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 100))
        let events = client.events()
        #expect(events.bars().isEmpty)
        #expect(events.completion?.dataCompleted == .other("recording_ends"))
        client.pass(seconds: 5)
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        #expect(client.events().quotes.allSatisfy { $0.status == .error })
    }

    @Test("recorded pages wait until more is requested, and then come under the same names")
    func pages() throws {
        let more = Self.history(close: "0.5") + Self.packet(#"{"m":"du","p":["cs_other",{}]}"#)
        var client = try client([
            "a-msg1.txt": Self.history(close: "1.5"), "a-msg2.txt": Self.packet(#"{"m":"du","p":["cs_other",{}]}"#),
            "a-msg3.txt": more + "\n",
        ])
        let first = client.history("NASDAQ:ABC", "1D", count: 5)
        #expect(first.bars().map(\.close) == [1.5])
        #expect({ if case .dataUpdate = first.last { true } else { false } }())
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 100))
        let second = client.events()
        #expect(second.bars().map(\.close) == [0.5])
        #expect(!second.contains { if case .unreadable = $0 { true } else { false } })
    }

    @Test("a client that waits for the symbol before it requests bars gets it")
    func lateSymbol() throws {
        var client = try client(["a-msg1.txt": Self.history(close: "1.5")])
        client.send(.chartCreateSession(CoreClient.chart))
        client.send(.resolveSymbol(CoreClient.chart, name: "mine", SymbolSpecification("NASDAQ:ABC")))
        client.pass(seconds: 1)
        #expect(client.events().contains { if case .symbolResolved(_, "mine", _) = $0 { true } else { false } })
    }

    @Test(
        "the recorded Apple bars arrive to the last digit",
        .enabled(if: Captures.areThere, "BHAV_CAPTURES is not set"))
    func apple() throws {
        let folder = try TemporaryFolder()
        for name in ["mktcli-history-ok-msg0.txt", "mktcli-history-ok-msg1.txt"] {
            try folder.write(try Captures.bytes("tradingview/" + name), to: name)
        }
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.recording = folder.path
        var client = try CoreClient(configuration)
        let events = client.history("NASDAQ:AAPL", "1D", count: 5)
        let recorded = Packets.events(of: try Captures.bytes("tradingview/mktcli-history-ok-msg1.txt"))
        #expect(events.bars() == recorded.bars("sds_1"))
        #expect(events.bars().count == 5)
        #expect(!events.contains { if case .unreadable = $0 { true } else { false } })
    }
}

extension String {
    fileprivate func replacingOnce(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return String(self[..<range.lowerBound]) + other + self[range.upperBound...]
    }

    /// The text without what stands between `~m~` and `~m~`.
    fileprivate var withoutLengths: String {
        split(separator: "~m~").filter { Int($0) == nil }.joined(separator: "~m~")
    }
}
