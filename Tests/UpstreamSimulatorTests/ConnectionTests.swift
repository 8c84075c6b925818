import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("A simulated connection")
struct ConnectionTests {
    @Test("it sends a greeting first, in JSON without a method")
    func greets() throws {
        let client = try CoreClient()
        guard case .text(let bytes) = client.connection.greeting(at: CoreClient.start).first else {
            Issue.record("no greeting")
            return
        }
        #expect({ if case .hello = Packets.events(of: bytes).first { true } else { false } }())
    }

    @Test("heartbeats come every ten seconds and need an echo within thirty")
    func heartbeats() throws {
        var faithful = try CoreClient()
        faithful.pass(seconds: 120)
        #expect(faithful.actions.count == 12)
        #expect(faithful.connection.condition == .open)
        var mute = try CoreClient()
        mute.echoesHeartbeats = false
        mute.pass(seconds: 39)
        #expect(mute.connection.condition == .open)
        mute.pass(seconds: 1)
        #expect(mute.connection.condition == .closed)
        #expect(mute.actions.last == .close)
    }

    @Test("a client that never echoes heartbeats still gets its bars")
    func muteClient() throws {
        var client = try CoreClient()
        client.echoesHeartbeats = false
        client.pass(seconds: 15)
        #expect(client.history("NSE:NIFTY", count: 10).bars().count == 10)
    }

    @Test(
        "tokens that TradingView knows are accepted silently",
        arguments: ["unauthorized_user_token", "widget_user_token", "a.b.c"]
    )
    func takesTokens(token: String) throws {
        var client = try CoreClient()
        client.send(.setAuthToken(token))
        #expect(client.actions.isEmpty)
    }

    @Test("other tokens end the connection", arguments: ["", "nonsense", "a.b", "a..c"])
    func refusesTokens(token: String) throws {
        var client = try CoreClient()
        client.send(.setAuthToken(token))
        #expect(client.actions.last == .close)
        #expect(client.events() == [.protocolError("bad auth token")])
    }

    @Test("an invalid call ends the connection")
    func wrongData() throws {
        var client = try CoreClient()
        client.send([.message(Array("{".utf8))])
        #expect(client.actions.last == .close)
        #expect(client.events() == [.protocolError("wrong data")])
    }

    @Test("too many sessions on one connection are refused")
    func sessionsRate() throws {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.sessionsPerConnection = 2
        var client = try CoreClient(configuration)
        for number in 1...3 { client.send(.chartCreateSession(SessionID(rawValue: "cs_\(number)"))) }
        #expect(client.events().criticalErrors == ["max sessions rate reached"])
    }

    @Test("calls for unknown sessions are ignored")
    func unknownSessions() throws {
        var client = try CoreClient()
        client.send(.resolveSymbol(CoreClient.chart, name: "a", SymbolSpecification("NSE:NIFTY")))
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        client.send("no_such_method", ["x"])
        #expect(client.actions.isEmpty)
    }
}
