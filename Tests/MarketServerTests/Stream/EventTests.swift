import AsyncHTTPClient
import MarketData
import MarketHub
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MarketServer

@Suite("GET /v1/events", .timeLimit(.minutes(2)))
struct EventTests {
    @Test("messages come as events, and a disconnect ends the subscription")
    func events() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            let request = HTTPClientRequest(
                url: "http://127.0.0.1:\(server.port)/v1/events?channel=bars&symbol=NIFTY&interval=1m&count=5")
            try await Self.readSnapshotAndBar(request, source)
            try await waitUntil("the subscription has ended") { server.hub.subscriptions.isEmpty }
        }
    }

    /// Reads until a bar comes that the source sends after the snapshot, and disconnects.
    private static func readSnapshotAndBar(_ request: HTTPClientRequest, _ source: FloodingSource) async throws {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        #expect(response.headers.first(name: "content-type") == "text/event-stream; charset=utf-8")
        #expect(response.headers.first(name: "connection") == "close")
        var text = ""
        for try await part in response.body {
            text += String(buffer: part)
            // A bar before the snapshot would be part of it.
            if text.contains(#""type":"snapshot""#), !text.contains(#""type":"bar""#) {
                source.say(BarEvent.bar(.at(2)))
            }
            if text.contains(#""type":"bar""#) { break }
        }
        #expect(text.contains(#"data: {"type":"snapshot","id":"events","seq":0,"#))
        #expect(text.contains("\n\n"))
    }

    @Test("a permanent failure is a status that stops an EventSource")
    func permanent() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/events?channel=bars&symbol=NSE:NOSUCH&interval=1m")
            #expect(response.status == 404)
            #expect(try response.json["error"]["code"].string == "symbol_not_found")
        }
    }

    @Test("unknown symbols alone return 404, and with a known one they are a stream")
    func unknownQuotes() async throws {
        try await RunningServer.with { server in
            let refused = try await server.get("/v1/events?channel=quotes&symbols=NSE:NOSUCH,NSE:NEITHER")
            #expect(refused.status == 404)
            #expect(try refused.json["error"]["code"].string == "symbol_not_found")
            let request = HTTPClientRequest(
                url: "http://127.0.0.1:\(server.port)/v1/events?channel=quotes&symbols=NSE:NOSUCH,NSE:NIFTY")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
            #expect(response.status == .ok)
            var text = ""
            for try await part in response.body {
                text += String(buffer: part)
                if text.contains(#""type":"snapshot""#) { break }
            }
            #expect(text.contains("symbol_not_found"))
        }
    }

    @Test("a topic that fails at once reports its end to the viewer")
    func endsAtOnce() async throws {
        let topics = LiveTopics(hub: RunningServer.mockHub(), openInterestInterval: .seconds(1))
        let fanout = Fanout(counters: StreamCounters(), sources: { [] })
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let broadcaster = Broadcaster(on: eventLoop, fanout, topics, limits: .init()) { _ in }
        let expiry = try #require(CalendarDate(year: 2020, month: 1, day: 1))
        let request = OpenInterestRequest(symbol: .nifty, expiry: expiry)
        let joined = try topics.join(.openInterest(request), broadcaster)
        try await waitUntil("the topic is over") { joined.topic.join(broadcaster) == nil }
        #expect(joined.followed.number == 0)
    }

    @Test("a failure after the status is a message")
    func late() async throws {
        let output = EventOutput()
        #expect(output.refuse(.badRequest("early")))
        #expect(try await output.earlyFailure(within: .seconds(5))?.message == "early")
        let begun = EventOutput()
        begun.write(ByteBuffer(string: "a"))
        #expect(try await begun.earlyFailure(within: .seconds(5)) == nil)
        #expect(!begun.refuse(.badRequest("late")))
    }

    @Test("a reconnecting client continues at its last bar")
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

    @Test("an invalid channel is refused before the stream begins")
    func wrong() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/events?channel=news")
            #expect(response.status == 400)
            let missing = try await server.get("/v1/events?channel=bars&symbol=NIFTY")
            #expect(missing.status == 400)
        }
    }

    @Test("output keeps its order, stops when full and reports when it has space again")
    func output() async throws {
        let output = EventOutput()
        let isReady = Mutex(0)
        output.onReady { isReady.withLock { $0 += 1 } }
        async let first = output.next()
        output.write(ByteBuffer(string: "a"))
        #expect(await first == ByteBuffer(string: "a"))
        output.write(ByteBuffer(string: "b"))
        #expect(output.isWritable && output.pendingBytes == 1)
        output.write(ByteBuffer(repeating: 0, count: EventOutput.capacity))
        #expect(!output.isWritable && isReady.withLock { $0 } == 0)
        #expect(await output.next()?.readableBytes == EventOutput.capacity + 1)
        #expect(output.isWritable && isReady.withLock { $0 } == 1)
        output.write(ByteBuffer(string: "c"))
        output.finish()
        #expect(await output.next() == ByteBuffer(string: "c"))
        #expect(await output.next() == nil)
    }
}
