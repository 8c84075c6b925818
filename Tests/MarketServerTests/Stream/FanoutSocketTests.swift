import Foundation
import MarketData
import MarketHub
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@testable import MarketServer

/// Many viewers over real sockets, some of them slow. `BHAV_FANOUT=viewers,quotes per second,seconds` makes it a long run,
/// such as `100,10000,60`; a tenth of the viewers are slow.
@Suite("Fan-out over sockets")
struct FanoutSocketTests {
    private struct Load {
        var viewers = 12
        var rate = 2_000
        var batches = 200

        init() {
            let numbers = ProcessInfo.processInfo.environment["BHAV_FANOUT"]?.split(separator: ",").compactMap {
                Int($0)
            }
            guard let numbers, numbers.count == 3 else { return }
            (viewers, rate, batches) = (numbers[0], numbers[1], numbers[2] * 100)
        }
    }

    private static let symbols = (0..<20).map { Symbol(exchange: "NSE", ticker: "S\($0)") }
    private static let last = 1e6

    @Test("every viewer gets upstream's last values and all bars, and slow ones delay no other")
    func values() async throws {
        let load = Load()
        let source = FloodingSource()
        let ready = Counter()
        try await RunningServer.with(hub: .over(source)) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for viewer in 0..<load.viewers {
                    group.addTask {
                        try await server.socket("/v1/stream") { stream in
                            try await Self.follow(stream, isSlow: viewer % 10 == 0, ready: ready, bars: load.batches)
                        }
                    }
                }
                let topics = Self.symbols.count + 1
                try await waitUntil("all topics are open", within: .seconds(60)) { source.openFeeds == topics }
                for symbol in Self.symbols { source.say(Quote.of(symbol, last: 1)) }
                try await waitUntil("all viewers have their snapshots", within: .seconds(60)) {
                    ready.count.withLock { $0 == load.viewers * 2 }
                }
                var random = SeededGenerator(seed: 14)
                for batch in 0..<load.batches {
                    for _ in 0..<max(1, load.rate / 100) {
                        var quote = Quote.of(
                            Self.symbols[Int.random(in: 0..<Self.symbols.count, using: &random)],
                            last: Double(Int.random(in: 2...9, using: &random)))
                        quote.volume = Double(Int.random(in: 0...3, using: &random))
                        source.say(quote)
                    }
                    source.say(BarEvent.bar(.at(batch + 2)))
                    try await Task.sleep(for: .milliseconds(10))
                }
                for symbol in Self.symbols { source.say(Quote.of(symbol, last: Self.last)) }
                try await group.waitForAll()
            }
        }
    }

    /// Reads until every symbol has its last value and every bar has come.
    private static func follow(_ stream: Conversation, isSlow: Bool, ready: Counter, bars: Int) async throws {
        let list = symbols.map { "\"\($0)\"" }.joined(separator: ",")
        try await stream.say(#"{"type":"subscribe","id":"q","channel":"quotes","symbols":[\#(list)]}"#)
        try await stream.say(
            #"{"type":"subscribe","id":"b","channel":"bars","symbol":"NSE:NIFTY","interval":"1m","count":1}"#)
        var sequences: [String: Int] = [:]
        var known: [String: Double] = [:]
        var minute = 1
        while known.values.filter({ $0 == last }).count < symbols.count || minute < bars + 1 {
            let message = try await stream.next(within: .seconds(60))
            let id = try #require(message["id"].string)
            #expect(message["seq"].int == sequences[id, default: -1] + 1)
            sequences[id] = message["seq"].int
            switch message["type"].string {
            case "snapshot": ready.count.withLock { $0 += 1 }
            case "quote":
                let quote = message["quote"]
                if let symbol = quote["symbol"].string, let price = quote["last"].number { known[symbol] = price }
            case "bar":
                minute += 1
                #expect(message["bar"]["time"].int == minute * 60)
            case "lagged": #expect((message["dropped"].int ?? 0) > 0)
            default: Issue.record("unexpected message: \(message)")
            }
            if isSlow { try await Task.sleep(for: .milliseconds(1)) }
        }
    }
}

private final class Counter: Sendable {
    let count = Mutex(0)
}
