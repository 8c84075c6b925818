import AsyncHTTPClient
import MarketData
import MarketHub
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import MarketServer

@Suite("GET /v1/events")
struct EventTests {
    @Test("the stream's messages come as events, and a client that goes away ends the subscription")
    func events() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            let request = HTTPClientRequest(
                url: "http://127.0.0.1:\(server.port)/v1/events?channel=bars&symbol=NIFTY&interval=1m&count=5")
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
                    #expect(response.headers.first(name: "content-type") == "text/event-stream; charset=utf-8")
                    var text = ""
                    for try await part in response.body {
                        text += String(buffer: part)
                        if text.contains(#""type":"bar""#) { break }
                    }
                    #expect(text.contains(#"data: {"type":"snapshot","id":"events","seq":0,"#))
                    #expect(text.contains("\n\n"))
                }
                try await waitUntil("the feed is open") { source.openFeeds == 1 }
                source.say(BarEvent.bar(.at(2)))
                try await group.next()
            }
            try await waitUntil("the subscription has ended") { server.hub.subscriptions.isEmpty }
        }
    }

    @Test("a failure for good is a status, after which an EventSource does not connect again")
    func permanent() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/v1/events?channel=bars&symbol=NSE:NOSUCH&interval=1m")
            #expect(answer.status == 404)
            #expect(try answer.json["error"]["code"].string == "symbol_not_found")
        }
    }

    @Test("a client that comes back begins at the bar that it saw last")
    func resumption() throws {
        let request = BarRequest(symbol: .nifty, interval: .oneMinute, span: .count(5))
        let now = Timestamp(seconds: 1_000_000)
        func count(_ lastEventID: String) -> BarRequest.Span? {
            guard case .bars(let resumed) = StreamRequest.bars(request).resumed(after: lastEventID, now: now) else {
                return nil
            }
            return resumed.span
        }
        #expect(count(String(1_000_000 - 600)) == .count(12))
        #expect(count(String(1_000_000 - 60)) == .count(5))
        #expect(count("1") == .count(16_668))
        #expect(count("x") == .count(5))
        #expect(count("2000000") == .count(5))
    }

    @Test("a wrong channel is refused before the stream begins")
    func wrong() async throws {
        try await RunningServer.with { server in
            let answer = try await server.get("/v1/events?channel=news")
            #expect(answer.status == 400)
            let missing = try await server.get("/v1/events?channel=bars&symbol=NIFTY")
            #expect(missing.status == 400)
        }
    }

    @Test("what is given is taken in order, giving waits, and both learn of the end")
    func rendezvous() async throws {
        let meeting = Rendezvous<Int>()
        async let given: Void = {
            for number in 1...3 { try await meeting.give(number) }
        }()
        var taken: [Int] = []
        while taken.count < 3, let number = await meeting.take() { taken.append(number) }
        try await given
        #expect(taken == [1, 2, 3])
        let waiting = Task { try await meeting.give(4) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        meeting.finish()
        await #expect(throws: CancellationError.self) { try await meeting.give(5) }
        #expect(await meeting.take() == nil)
    }
}
