import MarketData
import MarketHub
import TestSupport
import Testing

@testable import MarketServer

@Suite("WS /ws")
struct LegacyAPISocketTests {
    @Test("a tick has the price, the change and the UTC time, under the client's symbol name")
    func tick() async throws {
        try await RunningServer.with { server in
            try await server.socket("/ws") { socket in
                try await socket.say(#"{"type":"subscribe","symbols":["NIFTY"]}"#)
                let response = try await socket.next()
                #expect(response["type"].string == "subscribed")
                #expect(response["symbols"].array.map(\.string) == ["NIFTY"])
                let tick = try await socket.next("live_tick")
                #expect(tick["symbol"].string == "NIFTY")
                #expect(tick["ltp"].number != nil)
                #expect(tick["change"].number != nil)
                #expect(tick["change_percent"].number != nil)
                #expect(tick["timestamp"].string?.hasSuffix("Z") == true)
                #expect(tick["mode"].string == "simulated")
                try await socket.say(#"{"type":"ping"}"#)
                #expect(try await socket.next("pong")["type"].string == "pong")
            }
        }
    }

    @Test("a new list replaces the last one")
    func replaces() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/ws") { socket in
                try await socket.say(#"{"type":"subscribe","symbols":["NIFTY"]}"#)
                try await waitUntil("the first is requested upstream") { source.openFeeds == 1 }
                source.say(Quote.of(.nifty, last: 5))
                #expect(try await socket.next("live_tick")["symbol"].string == "NIFTY")
                try await socket.say(#"{"type":"subscribe","symbols":["BANKNIFTY"]}"#)
                #expect(try await socket.next("subscribed")["symbols"][0].string == "BANKNIFTY")
                try await waitUntil("only the second is requested upstream") {
                    server.hub.subscriptions.map(\.symbol) == [.bankNifty] && source.openFeeds == 1
                }
                source.say(Quote.of(.nifty, last: 6))
                source.say(Quote.of(.bankNifty, last: 7))
                let tick = try await socket.next()
                #expect(tick["symbol"].string == "BANKNIFTY")
                #expect(tick["ltp"].number == 7)
            }
        }
    }

    @Test("an unknown symbol and an invalid message are errors that do not stop other ticks")
    func errors() async throws {
        try await RunningServer.with { server in
            try await server.socket("/ws") { socket in
                try await socket.say("what?")
                #expect(try await socket.next("error")["error"]["code"].string == "bad_request")
                try await socket.say(#"{"type":"subscribe","symbols":["NOSUCH","NIFTY"]}"#)
                let refusal = try await socket.next("error")
                #expect(refusal["symbol"].string == "NOSUCH")
                #expect(try await socket.next("live_tick")["symbol"].string == "NIFTY")
            }
        }
    }

    @Test("only the newest of several quotes between two ticks is sent, and one without a price is not")
    func newest() throws {
        let viewer = RecordedViewer()
        let fanout = Fanout.recording(viewer)
        let subscription = StreamSubscription(.ticks(names: [1: "NIFTY"]), id: "", viewer: viewer.viewer)
        fanout.attach(subscription, to: [.quotes(1, .nifty), .quotes(2, .bankNifty)])
        fanout.startTicks(subscription)
        fanout.apply([.quote(1, 1, .of(.nifty, last: 1))])
        fanout.apply([.quote(1, 2, .of(.nifty, last: 2), since: .of(.nifty, last: 1))])
        fanout.apply([.quote(2, 1, .of(.bankNifty, last: nil))])
        fanout.tick()
        fanout.tick()
        fanout.flush()
        let ticks = try viewer.messages()
        #expect(ticks.map { $0["symbol"].string } == ["NIFTY"])
        #expect(ticks.first?["ltp"].number == 2)
    }
}
