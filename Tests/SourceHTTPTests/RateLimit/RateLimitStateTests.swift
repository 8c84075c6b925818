import MarketData
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("Rate limit state")
struct RateLimitStateTests {
    let start = india("2026-11-20 10:00")

    func after(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(seconds * 1000))
    }

    func state(budget: Int = 400) -> RateLimitState {
        RateLimitState(
            RateLimit(
                gap: .milliseconds(500), dailyQuota: budget, cooldownAfterFailure: .seconds(2),
                longestCooldown: .seconds(300), cooldownAfterRefusal: .seconds(1800),
                cooldownAfterTooMany: .seconds(60)
            ))
    }

    func stop(_ permission: RateLimitState.Permission) -> Cooldown? {
        if case .stopped(let stop) = permission { stop } else { nil }
    }

    @Test("a second request waits for the rest of the gap")
    func gap() {
        var state = state()
        #expect(state.request(at: start) == .granted)
        #expect(state.request(at: after(0.2)) == .wait(milliseconds: 300))
        #expect(state.request(at: after(0.5)) == .granted)
    }

    @Test("a clock that was set back costs at most one gap")
    func clockSetBack() {
        var state = state()
        #expect(state.request(at: after(86_400)) == .granted)
        #expect(state.request(at: start) == .wait(milliseconds: 500))
    }

    @Test("the quota ends the day, and midnight in India begins another")
    func budget() {
        var state = state(budget: 2)
        #expect(state.request(at: start) == .granted)
        #expect(state.request(at: after(1)) == .granted)
        #expect(state.requestsLeft(at: after(1)) == 0)
        let stop = stop(state.request(at: after(2)))
        #expect(stop?.cause == .quotaSpent)
        #expect(stop?.until == india("2026-11-21 00:00"))
        #expect(state.request(at: india("2026-11-21 00:00")) == .granted)
        #expect(state.requestsLeft(at: india("2026-11-21 00:00")) == 1)
    }

    @Test("requests before a restart count on the same day, and not on the next")
    func resumed() {
        let ledger = RequestLedger(day: day("2026-11-20"), requests: 2)
        var state = RateLimitState(RateLimit(dailyQuota: 3), ledger: ledger)
        #expect(state.request(at: start) == .granted)
        #expect(state.ledger == RequestLedger(day: day("2026-11-20"), requests: 3, lastRequest: start))
        #expect(stop(state.request(at: after(1)))?.cause == .quotaSpent)
    }

    @Test("a refusal stops the source for half an hour, then one request is sent again")
    func refused() {
        var state = state()
        #expect(state.request(at: start) == .granted)
        state.finished(.refused("status 405"), at: start)
        let stop = stop(state.request(at: after(1799)))
        #expect(stop == Cooldown(cause: .refused, reason: "status 405", until: after(1800)))
        #expect(stop?.secondsLeft(at: after(1799)) == 1)
        #expect(state.request(at: after(1800)) == .granted)
    }

    @Test("429 starts a cooldown of its Retry-After, or of a minute without one")
    func tooMany() {
        var state = state()
        state.finished(.tooMany("429", retryAfterSeconds: 7), at: start)
        #expect(state.activeStop(at: start)?.until == after(7))
        state.finished(.tooMany("429", retryAfterSeconds: nil), at: after(10))
        #expect(state.activeStop(at: after(10))?.until == after(70))
    }

    @Test("failures double the cooldown up to its maximum, and a response resets it")
    func failures() {
        var state = state()
        var pauses: [Int64] = []
        for _ in 0..<10 {
            state.finished(.failed("down", retryAfterSeconds: nil), at: start)
            pauses.append(((state.activeStop(at: start)?.until.milliseconds ?? 0) - start.milliseconds) / 1000)
        }
        #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        state.finished(.responded, at: after(300))
        state.finished(.failed("down", retryAfterSeconds: nil), at: after(300))
        #expect(state.activeStop(at: after(300))?.until == after(302))
    }

    @Test("several failures may be tolerated before the source stops, and one after the cooldown stops it again")
    func circuitBreaker() {
        var state = RateLimitState(
            RateLimit(
                failuresBeforeCooldown: 3, cooldownAfterFailure: .seconds(120), longestCooldown: .seconds(120)))
        for _ in 0..<2 { state.finished(.failed("down", retryAfterSeconds: nil), at: start) }
        #expect(state.activeStop(at: start) == nil)
        state.finished(.failed("down", retryAfterSeconds: nil), at: start)
        #expect(state.activeStop(at: start)?.until == after(120))
        #expect(state.request(at: after(120)) == .granted)
        state.finished(.failed("down", retryAfterSeconds: nil), at: after(121))
        #expect(state.activeStop(at: after(121))?.until == after(241))
        #expect(state.requestsLeft(at: start) == nil)
    }

    @Test("two invalid responses are tolerated, the third in a row is a failure")
    func odd() {
        var state = state()
        for _ in 0..<2 { state.finished(.odd("empty"), at: start) }
        #expect(state.activeStop(at: start) == nil)
        // A valid response starts the count again.
        state.finished(.responded, at: start)
        for _ in 0..<2 { state.finished(.odd("empty"), at: start) }
        #expect(state.activeStop(at: start) == nil)
        state.finished(.odd("empty"), at: start)
        #expect(state.activeStop(at: start)?.cause == .failed)
    }

    @Test("a stopped source is throttled, one that is down is unavailable, both with a time to retry")
    func errors() {
        let refused = Cooldown(cause: .refused, reason: "status 405", until: after(90))
        let site = Site("Example", .nse, at: "https://example.org:8443")
        let error = refused.error(of: site, at: start)
        #expect(error.code == .throttled)
        #expect(error.recovery == .retry(afterSeconds: 90))
        #expect(error.message.contains("example.org") && error.message.contains("status 405"))
        #expect(
            Cooldown(cause: .failed, reason: "", until: after(1)).error(of: site, at: start).code
                == .upstreamUnavailable)
        #expect(
            Cooldown(cause: .quotaSpent, reason: "", until: after(1)).error(of: site, at: start).code
                == .throttled)
    }
}
