import MarketData
import MarketHub
import MarketServer
import Synchronization
import TestSupport
import Testing

@Suite("WS /v1/stream", .timeLimit(.minutes(2)))
struct StreamTests {
    @Test("clients that disconnect while their commands are handled leave no subscription behind, and the server ends")
    func leavingAtOnce() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            var random = SeededGenerator(seed: 31)
            for _ in 0..<150 {
                let client = Task {
                    try await server.socket("/v1/stream") { stream in
                        for (id, symbol) in ["NIFTY", "BANKNIFTY"].enumerated() {
                            try await stream.say(
                                #"{"type":"subscribe","id":"\#(id)","channel":"bars","symbol":"NSE:\#(symbol)","interval":"1m"}"#
                            )
                        }
                        try await Task.sleep(for: .seconds(30))
                    }
                }
                try await Task.sleep(for: .microseconds(Int.random(in: 500...8000, using: &random)))
                client.cancel()
                _ = try? await client.value
            }
            try await waitUntil("no subscription is left") {
                server.hub.subscriptions.isEmpty && source.openFeeds == 0
            }
        }
    }

    @Test("quotes begin with snapshot 0 and continue with numbered changes")
    func quotes() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"a","channel":"quotes","symbols":["NIFTY","NSE:BANKNIFTY"]}"#)
                try await waitUntil("both are requested upstream") { source.openFeeds == 2 }
                source.say(Quote.of(.nifty, last: 5, bid: 4))
                source.say(Quote.of(.bankNifty, last: 50))
                let snapshot = try await stream.next()
                #expect(snapshot["type"].string == "snapshot")
                #expect(snapshot["id"].string == "a")
                #expect(snapshot["seq"].int == 0)
                #expect(snapshot["quotes"].array.map { $0["symbol"].string } == ["NSE:NIFTY", "NSE:BANKNIFTY"])
                source.say(Quote.of(.nifty, last: 6, bid: 4))
                let first = try await stream.next()
                #expect(first["type"].string == "quote")
                #expect(first["seq"].int == 1)
                #expect(first["quote"].keys == ["symbol", "last", "lastTime"])
                #expect(first["quote"]["last"].number == 6)
                source.say(Quote.of(.nifty, last: 6, bid: 4))
                source.say(Quote.of(.nifty, last: 6, bid: nil))
                let second = try await stream.next()
                #expect(second["seq"].int == 2)
                #expect(second["quote"]["bid"].isNull)
                try await stream.say(#"{"type":"unsubscribe","id":"a"}"#)
                let end = try await stream.next("unsubscribed")
                #expect(end["id"].string == "a")
                try await waitUntil("upstream is left") { source.openFeeds == 0 }
            }
        }
    }

    @Test("bars begin with a snapshot and continue with forming and final bars, gaps and repairs")
    func bars() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"b","channel":"bars","symbol":"NSE:NIFTY","interval":"1m","count":10}"#)
                let snapshot = try await stream.next()
                #expect(snapshot["type"].string == "snapshot")
                #expect(snapshot["seq"].int == 0)
                #expect(snapshot["interval"].string == "1m")
                #expect(snapshot["bars"][0]["time"].int == 60)
                source.say(BarEvent.bar(.at(2, final: false)))
                let bar = try await stream.next()
                #expect(bar["type"].string == "bar")
                #expect(bar["bar"]["final"].bool == false)
                let gap = TimeRange(from: Timestamp(seconds: 180), to: Timestamp(seconds: 240))
                source.say(BarEvent.gap(gap))
                let reported = try await stream.next()
                #expect(reported["type"].string == "gap")
                #expect(reported["from"].int == 180)
                #expect(reported["to"].int == 240)
                source.say(BarEvent.repaired(gap, [.at(3)]))
                let repair = try await stream.next()
                #expect(repair["type"].string == "repaired")
                #expect(repair["bars"][0]["time"].int == 180)
                #expect(repair["seq"].int == 3)
            }
        }
    }

    @Test("open interest begins with a snapshot and is sent again for a newer stamp")
    func openInterest() async throws {
        try await RunningServer.with(configure: { $0.limits.openInterestInterval = .milliseconds(20) }) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(
                    #"{"type":"subscribe","id":"c","channel":"open-interest","symbol":"NSE:NIFTY"}"#)
                let snapshot = try await stream.next()
                #expect(snapshot["type"].string == "snapshot")
                #expect(snapshot["seq"].int == 0)
                #expect(!snapshot["strikes"].array.isEmpty)
                // The mock's clock stands still, so nothing newer comes before the response to a ping.
                for _ in 0..<3 {
                    try await stream.say(#"{"type":"ping"}"#)
                    #expect(try await stream.next()["type"].string == "pong")
                }
            }
        }
    }

    @Test("a hundred viewers share one subscription upstream")
    func shared() async throws {
        let source = FloodingSource()
        let snapshots = SnapshotCount()
        try await RunningServer.with(hub: .over(source)) { server in
            try await withThrowingTaskGroup(of: Double?.self) { group in
                for _ in 0..<100 {
                    group.addTask {
                        try await server.socket("/v1/stream") { stream in
                            try await stream.say(
                                #"{"type":"subscribe","id":"a","channel":"quotes","symbols":["NSE:NIFTY"]}"#)
                            _ = try await stream.next("snapshot")
                            snapshots.count.withLock { $0 += 1 }
                            return try await stream.next("quote")["quote"]["last"].number
                        }
                    }
                }
                // Each has its place among the viewers and one reader for its snapshot.
                try await waitUntil("all hundred read") { server.hub.subscriptions.first?.readers == 200 }
                source.say(Quote.of(.nifty, last: 5))
                try await waitUntil("all snapshots are received") { snapshots.count.withLock { $0 == 100 } }
                #expect(server.hub.subscriptions.first?.readers == 100)
                source.say(Quote.of(.nifty, last: 6))
                for try await last in group { #expect(last == 6) }
            }
            #expect(source.feedsEver == 1)
            try await waitUntil("the last one leaving stops upstream") { source.openFeeds == 0 }
        }
    }

    @Test("a change of a source's status is sent once to each client")
    func status() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(#"{"type":"subscribe","id":"a","channel":"quotes","symbols":["NIFTY"]}"#)
                try await stream.say(#"{"type":"subscribe","id":"b","channel":"quotes","symbols":["BANKNIFTY"]}"#)
                try await waitUntil("both are requested upstream") { source.openFeeds == 2 }
                source.say(Quote.of(.nifty, last: 5))
                source.say(Quote.of(.bankNifty, last: 6))
                _ = try await stream.next("snapshot")
                _ = try await stream.next("snapshot")
                source.say(
                    SourceStatus(
                        source: .tradingview, state: .reconnecting, since: Timestamp(seconds: 1), reason: "closed"))
                let status = try await stream.next()
                #expect(status["type"].string == "status")
                #expect(status["source"].string == "tradingview")
                #expect(status["state"].string == "reconnecting")
                #expect(status["reason"].string == "closed")
                try await stream.say(#"{"type":"ping"}"#)
                #expect(try await stream.next()["type"].string == "pong")
            }
        }
    }
}

private final class SnapshotCount: Sendable {
    let count = Mutex(0)
}
