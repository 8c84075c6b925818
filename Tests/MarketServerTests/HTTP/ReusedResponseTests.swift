import MarketData
import MarketFormats
import MarketHub
import MockMarket
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import MarketServer

@Suite("Cached responses")
struct ReusedResponseTests {
    private static let bars = "/v1/bars?symbol=NSE:NIFTY&interval=5m&count=200"
    private static let openInterest = "/v1/open-interest?symbol=NSE:NIFTY"

    private let clock = ManualClock(RunningServer.now)
    private let market: CountedMarket
    private let hub: MarketHub

    init() {
        let clock = clock
        let market = CountedMarket(MockMarket(seed: 7, clock: { clock.now }))
        self.market = market
        hub = MarketHub(
            history: [market], openInterest: [market], live: [], search: [], sources: [.mock], logger: .quiet,
            clock: { clock.now })
    }

    @Test("a repeated request within a second reaches the source once per format")
    func once() async throws {
        try await RunningServer.with(hub: hub) { server in
            let first = try await server.get(Self.bars)
            let again = try await server.get("/v1/bars?interval=5&count=200&symbol=nifty")
            #expect(market.requests == 1)
            #expect(first.status == 200)
            #expect(again.bytes == first.bytes)
            #expect(again.headers["etag"] == first.headers["etag"])
            #expect(again.headers["bhav-as-of"] == first.headers["bhav-as-of"])
            #expect(again.headers["cache-control"] == "no-cache")
            _ = try await server.get(Self.bars + "&format=csv")
            _ = try await server.get(Self.bars + "&format=csv")
            #expect(market.requests == 2)
            _ = try await server.get(Self.openInterest)
            #expect(try await server.get(Self.openInterest).json["strikes"].array.count > 10)
            #expect(market.requests == 3)
        }
    }

    @Test("the next second is a new response, and past open interest is not cached")
    func seconds() async throws {
        try await RunningServer.with(hub: hub) { server in
            let first = try await server.get(Self.bars)
            clock.now.milliseconds += 999
            #expect(try await server.get(Self.bars).bytes == first.bytes)
            #expect(market.requests == 1)
            clock.now.milliseconds += 1
            let second = try await server.get(Self.bars)
            #expect(market.requests == 2)
            #expect(second.bytes != first.bytes)
            for requests in 3...4 {
                _ = try await server.get(Self.openInterest + "&at=2026-11-19T10:00:00")
                #expect(market.requests == requests)
            }
        }
    }

    @Test("a cached response is compressed on request, and 304 for a valid copy")
    func variants() async throws {
        try await RunningServer.with(hub: hub) { server in
            let plain = try await server.get(Self.bars)
            for _ in 0..<2 {
                let packed = try await server.get(Self.bars, headers: [("Accept-Encoding", "gzip")])
                #expect(packed.headers["content-encoding"] == "gzip")
                #expect(packed.headers["vary"] == "Accept-Encoding")
                #expect(packed.bytes == plain.bytes)
            }
            let tag = try #require(plain.headers["etag"])
            let unchanged = try await server.get(Self.bars, headers: [("If-None-Match", tag)])
            #expect(unchanged.status == 304)
            #expect(unchanged.headers["content-encoding"] == nil)
            let head = try await server.get(Self.bars, method: "HEAD")
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == String(plain.bytes.count))
            #expect(market.requests == 1)
        }
    }

    @Test("a key and the rate limit are checked for a cached response too")
    func guards() async throws {
        let known = try #require(APIKey("k"))
        try await RunningServer.with(hub: hub) {
            $0.apiKeys = [known]
            $0.limits.requestsPerMinute = 3
        } _: { (server: RunningServer) async throws -> Void in
            let key = [("X-API-Key", "k")]
            #expect(try await server.get(Self.bars, headers: key).status == 200)
            #expect(try await server.get(Self.bars).status == 401)
            var statuses: Set<Int> = []
            for _ in 0..<20 { statuses.insert(try await server.get(Self.bars, headers: key).status) }
            #expect(statuses.contains(429))
            #expect(market.requests == 1)
        }
    }

    @Test("an invalid parameter is refused beside a cached response")
    func parameters() async throws {
        try await RunningServer.with(hub: hub) { (server: RunningServer) async throws -> Void in
            #expect(try await server.get(Self.bars).status == 200)
            #expect(try await server.get(Self.bars + "&x=1").status == 400)
            #expect(try await server.get(Self.bars + "&format=xml").status == 400)
        }
    }

    @Test(
        "cached bytes equal new ones in any sequence of requests and moments", arguments: 1...3)
    func sequences(seed: UInt64) async throws {
        try await RunningServer.with(hub: hub) { server in
            var generator = SeededGenerator(seed: seed)
            var served = 0
            for _ in 0..<120 {
                switch Int.random(in: 0..<8, using: &generator) {
                case 0...3: clock.now.milliseconds += Int64.random(in: 0...400, using: &generator)
                case 4: clock.advance(bySeconds: Int64.random(in: 1...400, using: &generator))
                case 5: clock.advance(bySeconds: Int64.random(in: -30_000...90_000, using: &generator))
                default: break
                }
                let format = ResponseFormat.allCases.randomElement(using: &generator) ?? .json
                let accepted = Bool.random(using: &generator) ? [("Accept-Encoding", "gzip")] : []
                let (path, fresh) = try await request(with: &generator)
                let response = try await server.get(path + "&format=\(format)", headers: accepted)
                #expect(response.bytes == Array(fresh.encoded(as: format).readableBytesView), "\(path)")
                served += 1
            }
            #expect(market.requests < 2 * served, "no response was served again")
            #expect(market.requests > served)
        }
    }

    /// A random request, and what the hub returns for it now.
    private func request(with generator: inout SeededGenerator) async throws -> (String, any MarketResponse) {
        let symbol = Symbol(exchange: "NSE", ticker: "NIFTY")
        if Int.random(in: 0..<3, using: &generator) == 0 {
            return (Self.openInterest, try await hub.openInterest(OpenInterestRequest(symbol: symbol)))
        }
        let interval = ["1m", "5m", "1d"].randomElement(using: &generator) ?? "5m"
        let count = [3, 60].randomElement(using: &generator) ?? 3
        let request = BarRequest(symbol: symbol, interval: try Interval(interval), span: .count(count))
        return (
            "/v1/bars?symbol=NSE:NIFTY&interval=\(interval)&count=\(count)", try await hub.bars(request)
        )
    }
}

@Suite("The response cache")
struct ResponseCacheTests {
    private let clock = ManualClock(RunningServer.now)

    private func response(_ count: Int, state: [ChangeCounter] = []) throws -> EncodedResponse {
        let clock = clock
        let request = BarRequest(
            symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: try Interval("5m"), span: .count(count))
        let series = try MockMarket(clock: { clock.now }).bars(request, at: clock.now)
        return EncodedResponse(
            series, for: .init(subject: .bars(request), format: .json, times: .unix),
            validity: Validity(clock: { clock.now }, state: state))
    }

    @Test("the cache stays within its size, drops the oldest first and skips long responses")
    func bound() throws {
        let size = try response(50).cost
        let cache = ResponseCache(limit: 5 * size)
        let all = try (50..<62).map { try response($0) }
        for response in all {
            cache.keep(response)
            #expect(cache.bytes <= 5 * size)
        }
        #expect(cache.response(for: all[0].key) == nil)
        #expect(cache.response(for: all[11].key) === all[11])
        let long = try response(400)
        cache.keep(long)
        #expect(cache.response(for: long.key) == nil)
    }

    @Test("a replaced response counts for as long as it is in memory")
    func replaced() throws {
        let (counter, first) = (ChangeCounter(), try response(50))
        let cache = ResponseCache(limit: 5 * first.cost)
        cache.keep(first)
        for number in 1...20 {
            let next = try response(49, state: [counter])
            cache.keep(next)
            #expect(cache.response(for: next.key) === next)
            #expect(cache.bytes <= 5 * first.cost)
            if number <= 3 { #expect(cache.bytes == first.cost + number * next.cost) }
            counter.changed()
        }
    }

    @Test("an expired response is neither served nor counted")
    func ended() throws {
        let cache = ResponseCache()
        let counter = ChangeCounter()
        let first = try response(5, state: [counter])
        cache.keep(first)
        #expect(cache.response(for: first.key) === first)
        counter.changed()
        #expect(cache.response(for: first.key) == nil)
        let second = try response(6)
        cache.keep(second)
        #expect(cache.bytes == second.cost)
        clock.advance(bySeconds: 1)
        cache.keep(second)
        #expect(cache.response(for: second.key) == nil)
        let newer = try response(6)
        cache.keep(newer)
        #expect(cache.bytes == newer.cost)
        #expect(cache.response(for: newer.key) === newer)
    }
}

/// The mock market, counting its requests.
private final class CountedMarket: ReusableBarHistory, ReusableOpenInterest {
    private let market: MockMarket
    private let count = Atomic(0)

    init(_ market: MockMarket) { self.market = market }

    var requests: Int { count.load(ordering: .relaxed) }

    func bars(_ request: BarRequest) async throws -> BarSeries { try await reusableBars(request).value }

    func reusableBars(_ request: BarRequest) async throws -> Reusable<BarSeries> {
        count.add(1, ordering: .relaxed)
        return try await market.reusableBars(request)
    }

    func expiries(of symbol: Symbol) async throws -> ExpiryList { try await market.expiries(of: symbol) }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await reusableOpenInterest(request).value
    }

    func reusableOpenInterest(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot> {
        count.add(1, ordering: .relaxed)
        return try await market.reusableOpenInterest(request)
    }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try await market.openInterestHistory(of: symbol, expiry: expiry, within: range)
    }
}
