import MarketData
import MarketHub
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
            // A market has a pace too; without one the flood would be the only thing this machine does.
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test("a client that reads late gets the newest of each instrument, and is told how much was merged")
    func lagged() async throws {
        let source = FloodingSource()
        try await RunningServer.with(hub: .over(source)) { server in
            try await server.socket("/v1/stream") { stream in
                try await stream.say(Self.subscribe)
                try await waitUntil("all are asked upstream") { source.openFeeds == Self.symbols.count }
                for symbol in Self.symbols { source.say(Quote.of(symbol, last: 0.5)) }
                _ = try await stream.next("snapshot")
                let end = ContinuousClock.now + .seconds(2)
                await Self.flood(source) { ContinuousClock.now > end }
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
                    try await waitUntil("all are asked upstream") { source.openFeeds == Self.symbols.count }
                    let end = ContinuousClock.now + .seconds(2)
                    await Self.flood(source) { ContinuousClock.now > end }
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

    @Test("the meter tells what was merged since it last told, at most once a second")
    func meter() {
        let start = ContinuousClock.now
        var meter = LagMeter(conflated: 10, at: start)
        #expect(meter.dropped(conflated: 10, at: start) == nil)
        #expect(meter.dropped(conflated: 13, at: start) == 3)
        #expect(meter.dropped(conflated: 20, at: start.advanced(by: .milliseconds(500))) == nil)
        #expect(meter.dropped(conflated: 21, at: start.advanced(by: .seconds(1))) == 8)
    }
}
