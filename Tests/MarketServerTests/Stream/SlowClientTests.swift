import MarketData
import MarketHub
import Synchronization
import TestSupport
import Testing
import WebSocketTransport

@testable import MarketServer

@Suite("Slow clients")
struct SlowClientTests {
    private static let symbols = (0..<50).map { Symbol(exchange: "NSE", ticker: "STOCK\($0)") }

    /// Long quotes, so that a socket's buffers are soon full.
    private static func long(_ symbol: Symbol, last: Double) -> Quote {
        var quote = Quote.of(symbol, last: last)
        quote.session = String(repeating: "x", count: 8000) + last.shortest
        return quote
    }

    private static var subscribe: String {
        let list = symbols.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"type":"subscribe","id":"a","channel":"quotes","symbols":[\#(list)]}"#
    }

    private static func flood(_ source: FloodingSource, until isOver: () -> Bool) async {
        var price = 1.0
        while !isOver() {
            for symbol in symbols { source.say(long(symbol, last: price)) }
            price += 0.05
            // Without a pause the flood would take all of this machine's CPU.
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test("a late client gets the newest quote of each instrument and the number of merged ones")
    func lagged() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(Self.subscribe)
                try await waitUntil("all are requested upstream") { source.openFeeds == Self.symbols.count }
                for symbol in Self.symbols { source.say(Quote.of(symbol, last: 0.5)) }
                _ = try await stream.next("snapshot")
                // Nothing is read until the server has merged something.
                let hasMerged = Flag()
                let polling = Task {
                    while !hasMerged.isSet.withLock({ $0 }) {
                        let text = try await server.get("/metrics").text
                        let isZero = text.contains("\nbhav_stream_quotes_merged_total 0\n")
                        hasMerged.isSet.withLock { $0 = !isZero }
                        try await Task.sleep(for: .milliseconds(20))
                    }
                }
                defer { polling.cancel() }
                let end = ContinuousClock.now + .seconds(60)
                await Self.flood(source) { hasMerged.isSet.withLock { $0 } || ContinuousClock.now > end }
                for symbol in Self.symbols { source.say(Quote.of(symbol, last: 9999)) }
                var sequence = 0
                var dropped = 0
                var newest: [String: Double] = [:]
                while newest.values.filter({ $0 == 9999 }).count < Self.symbols.count {
                    let message = try await stream.next()
                    #expect(message["seq"].int == sequence + 1)
                    sequence = try #require(message["seq"].int)
                    if message["type"].string == "lagged" { dropped += message["dropped"].int ?? 0 }
                    if let symbol = message["quote"]["symbol"].string {
                        newest[symbol] = message["quote"]["last"].number
                    }
                }
                #expect(dropped > 0)
            }
        }
    }

    @Test("a client that stays slow is closed with a reason")
    func closed() async throws {
        let source = FloodingSource()
        try await RunningServer.with(
            hub: .over(source), configure: { $0.limits.slowClientTime = .milliseconds(400) }
        ) { server in
            let error = await #expect(throws: WebSocketError.self) {
                try await server.socket("/v1/stream") { stream in
                    try await stream.say(Self.subscribe)
                    try await waitUntil("all are requested upstream") { source.openFeeds == Self.symbols.count }
                    // Nothing is read until the server has closed the client, and with it the symbols.
                    let end = ContinuousClock.now + .seconds(60)
                    await Self.flood(source) { source.openFeeds == 0 || ContinuousClock.now > end }
                    while true { _ = try await stream.next() }
                }
            }
            guard case .closed(let code, let reason)? = error?.code else {
                Issue.record("the connection ended otherwise: \(String(describing: error))")
                return
            }
            #expect(code == .policyViolation)
            #expect(reason.contains("slow"))
        }
    }

    @Test("the meter reports new merges at most once a second")
    func meter() {
        let start = ContinuousClock.now
        var meter = LagMeter()
        #expect(meter.report(at: start) == nil)
        meter.add(3)
        #expect(meter.report(at: start) == 3)
        meter.add(7)
        #expect(meter.report(at: start.advanced(by: .milliseconds(500))) == nil)
        meter.add(1)
        #expect(meter.report(at: start.advanced(by: .seconds(1))) == 8)
        #expect(meter.report(at: start.advanced(by: .seconds(3))) == nil)
    }

    @Test("a client is too slow if it is behind and reads nothing for the limit")
    func watch() {
        let start = ContinuousClock.now
        func at(_ seconds: Double) -> ContinuousClock.Instant { start.advanced(by: .seconds(seconds)) }
        var watch = SlowClientWatch()
        func isTooSlow(_ isBehind: Bool, _ taken: Int, _ seconds: Double) -> Bool {
            watch.isTooSlow(isBehind: isBehind, taken: taken, at: at(seconds), limit: .seconds(10))
        }
        #expect(!isTooSlow(true, 100, 0))
        #expect(!isTooSlow(true, 100, 10))
        #expect(isTooSlow(true, 100, 10.5))
        // One byte is progress.
        #expect(!isTooSlow(true, 101, 11))
        #expect(!isTooSlow(true, 101, 20))
        // A client that has caught up starts again.
        #expect(!isTooSlow(false, 101, 20.5))
        #expect(!isTooSlow(true, 101, 40))
        #expect(isTooSlow(true, 101, 51))
    }
}

private final class Flag: Sendable {
    let isSet = Mutex(false)
}
