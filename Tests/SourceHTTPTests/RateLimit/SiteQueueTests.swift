import MarketData
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("one request to a site at a time")
struct SiteQueueTests {
    let site = Site("Example", .nse, at: "http://127.0.0.1:1")

    @Test("never has two of many requests in flight")
    func oneAtATime() async throws {
        let queue = SiteQueue(site)
        let inFlight = ConcurrencyCount()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await queue.inTurn(within: .seconds(10)) { _ in
                        await inFlight.during { await Task.yield() }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inFlight.most == 1)
    }

    @Test("a request that takes too long is a time-out that names the site")
    func late() async throws {
        let queue = SiteQueue(site)
        let error = await #expect(throws: MarketDataError.self) {
            try await queue.inTurn(within: .milliseconds(20)) { _ in try await Task.sleep(for: .seconds(60)) }
        }
        #expect(error?.code == .upstreamTimeout)
        #expect(error?.message.contains("127.0.0.1") == true)
        #expect(try await queue.inTurn(within: .seconds(10)) { _ in 7 } == 7)
    }

    @Test("a full queue rejects the next request")
    func full() async throws {
        let queue = SiteQueue(site, mostWaiting: 0)
        try await queue.inTurn(within: .seconds(10)) { _ in
            let error = await #expect(throws: MarketDataError.self) {
                try await queue.inTurn(within: .seconds(10)) { _ in }
            }
            #expect(error?.code == .overloaded)
            #expect(error?.source == .nse)
        }
        #expect(try await queue.inTurn(within: .seconds(10)) { _ in 7 } == 7)
    }
}
