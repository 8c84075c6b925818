import MarketData
import Synchronization
import TestSupport
import Testing
import TradingView
import TradingViewProtocol

@Suite("Invalid messages over a socket")
struct InvalidMessagesOverSocketTests {
    private static let times = [1_786_714_200, 1_786_800_600]
    private static let nifty = BarRequest.newest(2, of: .nifty, .oneDay)
    private static let bankNifty = BarRequest.newest(2, of: .bankNifty, .oneDay)

    private static func names(_ symbol: String) -> String { #""full_name":"\#(symbol)","type":"index""# }

    @Test("one that names its session repeats the request for that session alone")
    func ofOneSession() async throws {
        let held = Mutex<(isBroken: Bool, waiting: [String])>((false, []))
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            guard let session = call.text(at: 0), let name = call.text(at: 2) else { return [] }
            if call.name == "resolve_symbol" {
                let symbol = name.contains("BANKNIFTY") ? "NSE:BANKNIFTY" : "NSE:NIFTY"
                held.withLock { if symbol == "NSE:BANKNIFTY" { $0.waiting = [session] } }
                return Script.series(call, names: Self.names(symbol), times: [])
            }
            guard call.name == "create_series" else { return [] }
            let whole = Script.series(call, names: "", times: Self.times)
            return held.withLock { held in
                // The other request's response is held back until this one has been sent twice.
                if held.waiting.first == session {
                    held.waiting += whole
                    return []
                }
                if !held.isBroken {
                    held.isBroken = true
                    let broken =
                        #"{"m":"timescale_update","p":["\#(session)",{"sds_1":{"s":[{"i":0,"v":[60]}],"t":"s1"}}]}"#
                    // The second comes when the session is closed already.
                    return [broken, broken]
                }
                return whole + held.waiting.dropFirst()
            }
        }
        try await ScriptedUpstream.withClient(responding: script) { client, upstream in
            async let kept = client.bars(Self.bankNifty)
            try await waitUntil { held.withLock { $0.waiting.count > 1 } }
            let broken = try await client.bars(Self.nifty)
            let bars = try await kept.bars
            #expect(broken.bars.count == 2 && bars.count == 2)
            #expect(upstream.texts(of: "create_series", at: 0).count == 3)
        }
    }

    @Test("one of a rebuilt quote session, or of a cancelled request, leaves the others alone")
    func ofClosedSession() async throws {
        let quoteSessions = Mutex(0)
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            guard let session = call.text(at: 0) else { return [] }
            let unreadable = #"{"m":"qsd","p":["\#(session)",{"n":7}]}"#
            switch call.name {
            case "quote_add_symbols":
                let isFirst = quoteSessions.withLock { made in
                    made += 1
                    return made == 1
                }
                return isFirst ? [unreadable] : []
            case "quote_delete_session": return [unreadable]
            case "chart_delete_session":
                return [#"{"m":"timescale_update","p":["\#(session)",{"sds_1":{"s":[{"i":0,"v":[60]}],"t":"s1"}}]}"#]
            default: return Script.series(call, names: Self.names("NSE:NIFTY"), times: Self.times)
            }
        }
        try await ScriptedUpstream.withClient(responding: script) { client, upstream in
            let live = try await client.liveBars(Self.nifty)
            let feed = try await client.liveQuotes(of: [.bankNifty])
            try await waitUntil { upstream.texts(of: "quote_add_symbols", at: 0).count == 2 }
            for _ in 0..<2 { _ = try await client.bars(Self.nifty) }
            // A last request, whose response follows the packets of those before.
            #expect(try await client.bars(Self.nifty).bars.count == 2)
            #expect(upstream.texts(of: "create_series", at: 0).count == 4)
            withExtendedLifetime((live, feed)) {}
        }
    }

    @Test("bars and a completion of another turnaround are stale, and left out")
    func stale() async throws {
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            let stale = Script.series(call, names: "", times: [1_786_627_800, 1_786_714_200]).map {
                $0.replacing(#""s1""#, with: #""s0""#).replacing("10.0,12.0", with: "77.0,78.0")
            }
            let isSeries = call.name == "create_series"
            return (isSeries ? stale : []) + Script.series(call, names: Self.names("NSE:NIFTY"), times: Self.times)
        }
        try await ScriptedUpstream.withClient(responding: script) { client, _ in
            let bars = try await client.bars(.newest(3, of: .nifty, .oneDay)).bars
            #expect(bars.map { Int($0.time.seconds) } == Self.times && bars.allSatisfy { $0.open == 10 })
        }
    }

    @Test("one that nothing depends on is ignored")
    func harmless() async throws {
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            let strays = ["study_error", "tickmark_update", "series_timeframe", "first_bar_time"].map {
                #"{"m":"\#($0)","p":["\#(call.text(at: 0) ?? "")",null]}"#
            }
            return strays + Script.series(call, names: Self.names("NSE:NIFTY"), times: Self.times)
        }
        try await ScriptedUpstream.withClient(responding: script) { client, upstream in
            let bars = try await client.bars(Self.nifty).bars
            #expect(bars.count == 2)
            #expect(upstream.texts(of: "create_series", at: 0).count == 1)
        }
    }

    @Test(
        "a critical error that names no session ends the request at once",
        arguments: ["[]", "[null,\"x\"]", "[\"\",\"x\"]"])
    func critical(parameters: String) async throws {
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            call.name == "create_series" ? [#"{"m":"critical_error","p":\#(parameters)}"#] : []
        }
        try await ScriptedUpstream.withClient(responding: script) { client, _ in
            let error = try await within(Simulated.atOnce) { await marketError { try await client.bars(Self.nifty) } }
            #expect(error?.code == .upstreamUnavailable)
            #expect(error?.message.contains("error of the connection") == true)
        }
    }

    @Test("a server that disconnects every client at once is not retried without a pause")
    func thrownOut() async throws {
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            call.name == "set_auth_token" ? [#"{"m":"protocol_error","p":["wrong data"]}"#] : []
        }
        try await ScriptedUpstream.withClient(responding: script) { client, upstream in
            let feed = try await client.liveQuotes(of: [.nifty])
            let start = ContinuousClock.now
            try await waitUntil(within: .seconds(10)) { upstream.texts(of: "set_auth_token", at: 0).count >= 4 }
            // Nothing, then at least half a second, then at least a whole one.
            #expect(ContinuousClock.now - start > .milliseconds(1400))
            withExtendedLifetime(feed) {}
        }
    }

    @Test("a server that allows no sessions is not retried without a pause")
    func noSessions() async throws {
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            guard call.name == "quote_create_session", let session = call.text(at: 0) else { return [] }
            return [#"{"m":"critical_error","p":["\#(session)","max sessions rate reached"]}"#]
        }
        try await ScriptedUpstream.withClient(responding: script) { client, upstream in
            let feed = try await client.liveQuotes(of: [.nifty])
            let start = ContinuousClock.now
            try await waitUntil(within: .seconds(10)) { upstream.texts(of: "set_auth_token", at: 0).count >= 4 }
            #expect(ContinuousClock.now - start > .milliseconds(1400))
            withExtendedLifetime(feed) {}
        }
    }
}
