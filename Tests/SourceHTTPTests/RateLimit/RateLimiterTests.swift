import Foundation
import Logging
import MarketData
import Synchronization
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("A rate limiter with a ledger shared by processes")
struct RateLimiterTests {
    private final class SharedLedger: LedgerStorage {
        private let ledger = Mutex(RequestLedger())

        func change<Result>(_ body: (inout RequestLedger) -> Result) throws(JSONFileError) -> Result {
            var copy = ledger.withLock { $0 }
            let result = body(&copy)
            ledger.withLock { [copy] in $0 = copy }
            return result
        }
    }

    func limiter(_ ledger: any LedgerStorage, at now: Timestamp) -> RateLimiter {
        RateLimiter(
            Site("Example", .nse, at: "http://127.0.0.1:1"), rateLimit: RateLimit(gap: .zero, dailyQuota: 10),
            ledger: ledger, logger: .quiet, now: { now })
    }

    let start = india("2026-11-20 10:00")

    @Test("requests of one process are taken from the quota of the other")
    func budget() async throws {
        let memory = SharedLedger()
        let (first, second) = (limiter(memory, at: start), limiter(memory, at: start))
        try await first.waitForPermission(before: .now + .seconds(5))
        try await second.waitForPermission(before: .now + .seconds(5))
        #expect(first.requestsLeft == 8)
    }

    @Test("a refusal stops every process")
    func refusal() {
        let memory = SharedLedger()
        limiter(memory, at: start).finished(.refused("status 405"))
        #expect(limiter(memory, at: start).stop?.cause == .refused)
    }

    @Test("each process detects by itself that the site is down, and doubles its own cooldown")
    func failure() {
        let memory = SharedLedger()
        let first = limiter(memory, at: start)
        first.finished(.failed("down", retryAfterSeconds: nil))
        #expect(first.stop?.until == start.advanced(bySeconds: 2))
        #expect(limiter(memory, at: start).stop == nil)
        first.finished(.failed("down", retryAfterSeconds: nil))
        #expect(first.stop?.until == start.advanced(bySeconds: 4))
    }

    @Test("a failure of one process does not hide the shared refusal")
    func both() {
        let memory = SharedLedger()
        let (first, second) = (limiter(memory, at: start), limiter(memory, at: start))
        first.finished(.tooMany("429", retryAfterSeconds: 3))
        second.finished(.failed("down", retryAfterSeconds: 60))
        #expect(second.stop?.cause == .failed)
        #expect(limiter(memory, at: start).stop?.cause == .tooManyRequests)
    }
}
