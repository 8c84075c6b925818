import MarketData
import MarketServer
import Testing

@Suite("WS /v1/stream, invalid requests")
struct StreamFaultTests {
    @Test(
        "an invalid message gets an error, and the connection stays open",
        arguments: [
            ("hello", "bad_request", "JSON"),
            ("[1]", "bad_request", "object"),
            ("{}", "bad_request", "type"),
            (#"{"type":"dance"}"#, "bad_request", "dance"),
            (#"{"type":"subscribe","channel":"quotes","symbols":["NIFTY"]}"#, "bad_request", "id"),
            (#"{"type":"subscribe","id":"a","symbols":["NIFTY"]}"#, "bad_request", "channel"),
            (#"{"type":"subscribe","id":"a","channel":"news"}"#, "bad_request", "news"),
            (#"{"type":"subscribe","id":"a","channel":"quotes"}"#, "bad_request", "symbols"),
            (#"{"type":"subscribe","id":"a","channel":"quotes","symbols":"NIFTY"}"#, "bad_request", "symbols"),
            (#"{"type":"subscribe","id":"a","channel":"quotes","symbols":["NO SUCH"]}"#, "bad_request", "space"),
            (#"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY"}"#, "bad_request", "interval"),
            (
                #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"9x"}"#,
                "unknown_interval", "9x"
            ),
            (
                #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"1m","count":0}"#,
                "bad_request", "count"
            ),
            (
                #"{"type":"subscribe","id":"a","channel":"open-interest","symbol":"NIFTY","expiry":"soon"}"#,
                "bad_request", "expiry"
            ),
            (#"{"type":"unsubscribe","id":"zzz"}"#, "bad_request", "zzz"),
            (
                #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"1m","count":2.5}"#,
                "bad_request", "'count'"
            ),
            (
                #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"1m","count":1e300}"#,
                "bad_request", "'count'"
            ),
            (#"{"type":"subscribe","id":"a","channel":"quotes","symbols":["ZZZ"]}"#, "symbol_not_found", "ZZZ"),
        ])
    func wrong(message: String, code: String, named: String) async throws {
        try await RunningServer.with { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(message)
                let response = try await stream.next()
                #expect(response["type"].string == "error")
                #expect(response["id"].string == (try? JSON(Array(message.utf8)))?["id"].string)
                #expect(response["error"]["code"].string == code)
                #expect(response["error"]["message"].string?.contains(named) == true)
                try await stream.say(#"{"type":"ping"}"#)
                let next = try await stream.next()
                // A subscription that was begun and fails for good is ended as well.
                let isEnded = next["type"].string == "ended" && next["id"].string == response["id"].string
                let last = isEnded ? try await stream.next() : next
                #expect(last["type"].string == "pong")
                #expect(isEnded == (code == "symbol_not_found"))
            }
        }
    }

    @Test("an id that is in use cannot be used again before it is unsubscribed")
    func sameID() async throws {
        try await RunningServer.with { server in
            try await server.socket("/v1/stream") { stream in
                let subscribe =
                    #"{"type":"subscribe","id":"a","channel":"bars","symbol":"NIFTY","interval":"1d","count":2}"#
                try await stream.say(subscribe)
                _ = try await stream.next("snapshot")
                try await stream.say(subscribe)
                #expect(try await stream.next("error")["error"]["message"].string?.contains("already") == true)
                try await stream.say(#"{"type":"unsubscribe","id":"a"}"#)
                _ = try await stream.next("unsubscribed")
                try await stream.say(subscribe)
                #expect(try await stream.next("snapshot")["seq"].int == 0)
            }
        }
    }

    @Test("the subscriptions of a connection are limited")
    func bounded() async throws {
        try await RunningServer.with(configure: { $0.limits.subscriptions = 2 }) { server in
            try await server.socket("/v1/stream") { stream in
                for id in ["a", "b", "c"] {
                    try await stream.say(
                        #"{"type":"subscribe","id":"\#(id)","channel":"bars","symbol":"NIFTY","interval":"1d"}"#)
                }
                let error = try await stream.next("error")
                #expect(error["id"].string == "c")
                #expect(error["error"]["code"].string == "too_large")
            }
        }
    }

    @Test("a temporary failure upstream is an error that does not end the subscription")
    func upstreamFailure() async throws {
        let down = MarketDataError(.upstreamUnavailable, "is down", source: .tradingview)
        try await RunningServer.with(hub: .failing(down)) { server in
            try await server.socket("/v1/stream") { stream in
                for _ in 0..<2 {
                    try await stream.say(
                        #"{"type":"subscribe","id":"b","channel":"bars","symbol":"NIFTY","interval":"1m"}"#)
                    let error = try await stream.next()
                    #expect(error["type"].string == "error")
                    #expect(error["id"].string == "b")
                    #expect(error["error"]["code"].string == "upstream_unavailable")
                    try await stream.say(#"{"type":"unsubscribe","id":"b"}"#)
                    _ = try await stream.next("unsubscribed")
                }
            }
        }
    }

    @Test("a permanent failure is followed by the subscription's end")
    func permanentFailure() async throws {
        let denied = MarketDataError(.notEntitled, "is not for you", source: .tradingview)
        try await RunningServer.with(hub: .failing(denied)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"b","channel":"bars","symbol":"NIFTY","interval":"1m"}"#)
                let error = try await stream.next()
                #expect(error["type"].string == "error" && error["error"]["code"].string == "not_entitled")
                let ended = try await stream.next()
                #expect(ended["type"].string == "ended" && ended["id"].string == "b")
            }
        }
    }

    @Test("an unknown symbol is an error beside the others' quotes")
    func unknownSymbol() async throws {
        try await RunningServer.with { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"a","channel":"quotes","symbols":["NIFTY","NSE:NOSUCH","ZZZ"]}"#)
                let snapshot = try await stream.next("snapshot")
                #expect(snapshot["quotes"].array.count == 1)
                #expect(snapshot["errors"].array.map { $0["symbol"].string } == ["NSE:NOSUCH", "ZZZ"])
                #expect(snapshot["errors"][0]["error"]["code"].string == "symbol_not_found")
            }
        }
    }

    @Test("a message above the limit ends the connection")
    func tooLong() async throws {
        try await RunningServer.with(configure: { $0.limits.messageSize = 1024 }) { server -> Void in
            _ = await #expect(throws: (any Error).self) {
                try await server.socket("/v1/stream") { stream in
                    try await stream.say(String(repeating: " ", count: 5000) + #"{"type":"ping"}"#)
                    _ = try await stream.next()
                }
            }
        }
    }

    @Test("a stream above the limit is refused")
    func tooManyStreams() async throws {
        try await RunningServer.with(configure: { $0.limits.streams = 1 }) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(#"{"type":"ping"}"#)
                _ = try await stream.next("pong")
                _ = await #expect(throws: (any Error).self) {
                    try await server.socket("/v1/stream") { _ = try await $0.next() }
                }
            }
        }
    }

    @Test("a plain request to a stream's path returns 400 and names WebSocket")
    func plain() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/stream")
            #expect(response.status == 400)
            #expect(try response.json["error"]["message"].string?.contains("WebSocket") == true)
        }
    }
}
