import MarketData
import Synchronization
import Testing

@testable import SourceHTTP

@Suite("one question at a time")
struct TurnstileTests {
    let site = Site("Example", .nse, at: "http://127.0.0.1:1")

    @Test("of many questions at once never two are in the air")
    func oneAtATime() async throws {
        let limiter = ConcurrencyLimiter(site)
        let air = Air()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await limiter.inTurn(within: .seconds(10)) { _ in await air.cross() }
                }
            }
            try await group.waitForAll()
        }
        #expect(air.most == 1)
    }

    @Test("a question that takes too long is a time-out that names the site")
    func late() async throws {
        let limiter = ConcurrencyLimiter(site)
        let error = await #expect(throws: MarketDataError.self) { try await overstay(limiter) }
        #expect(error?.code == .upstreamTimeout)
        #expect(error?.message.contains("127.0.0.1") == true)
        #expect(try await limiter.inTurn(within: .seconds(10)) { _ in 7 } == 7)
    }

    private func overstay(_ limiter: ConcurrencyLimiter) async throws {
        try await limiter.inTurn(within: .milliseconds(20)) { _ in try await Task.sleep(for: .seconds(60)) }
    }

    @Test("a queue that is full turns the next away")
    func full() async throws {
        let limiter = ConcurrencyLimiter(site, mostWaiting: 0)
        try await limiter.enter()
        let error = await #expect(throws: MarketDataError.self) { try await limiter.enter() }
        #expect(error?.code == .overloaded)
        limiter.leave()
        try await limiter.enter()
        limiter.leave()
    }
}

/// Counts how many are under way at once.
private final class Air: Sendable {
    private let open = Mutex((now: 0, most: 0))

    var most: Int { open.withLock { $0.most } }

    func cross() async {
        open.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        await Task.yield()
        open.withLock { $0.now -= 1 }
    }
}
