import MarketData
import TestSupport
import Testing

@testable import SourceHTTP

@Suite("Rate limit state")
struct RequestPacingTests {
    let start = india("2026-11-20 10:00")

    func after(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(seconds * 1000))
    }

    func pacing(budget: Int = 400) -> RateLimitState {
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
        var pacing = pacing()
        #expect(pacing.request(at: start) == .granted)
        #expect(pacing.request(at: after(0.2)) == .wait(milliseconds: 300))
        #expect(pacing.request(at: after(0.5)) == .granted)
    }

    @Test("a clock that was set back costs at most one gap")
    func clockSetBack() {
        var pacing = pacing()
        #expect(pacing.request(at: after(86_400)) == .granted)
        #expect(pacing.request(at: start) == .wait(milliseconds: 500))
    }

    @Test("the quota ends the day, and midnight in India begins another")
    func budget() {
        var pacing = pacing(budget: 2)
        #expect(pacing.request(at: start) == .granted)
        #expect(pacing.request(at: after(1)) == .granted)
        #expect(pacing.requestsLeft(at: after(1)) == 0)
        let stop = stop(pacing.request(at: after(2)))
        #expect(stop?.cause == .quotaSpent)
        #expect(stop?.until == india("2026-11-21 00:00"))
        #expect(pacing.request(at: india("2026-11-21 00:00")) == .granted)
        #expect(pacing.requestsLeft(at: india("2026-11-21 00:00")) == 1)
    }

    @Test("requests before a restart count on the same day, and not on the next")
    func resumed() {
        let ledger = RequestLedger(day: day("2026-11-20"), requests: 2)
        var pacing = RateLimitState(RateLimit(dailyQuota: 3), ledger: ledger)
        #expect(pacing.request(at: start) == .granted)
        #expect(pacing.ledger == RequestLedger(day: day("2026-11-20"), requests: 3, lastRequest: start))
        #expect(stop(pacing.request(at: after(1)))?.cause == .quotaSpent)
    }

    @Test("a refusal stops the source for half an hour, then one request is sent again")
    func refused() {
        var pacing = pacing()
        #expect(pacing.request(at: start) == .granted)
        pacing.finished(.refused("status 405"), at: start)
        let stop = stop(pacing.request(at: after(1799)))
        #expect(stop == Cooldown(cause: .refused, reason: "status 405", until: after(1800)))
        #expect(stop?.secondsLeft(at: after(1799)) == 1)
        #expect(pacing.request(at: after(1800)) == .granted)
    }

    @Test("429 starts a cooldown of its Retry-After, or of a minute without one")
    func tooMany() {
        var pacing = pacing()
        pacing.finished(.tooMany("429", retryAfterSeconds: 7), at: start)
        #expect(pacing.activeStop(at: start)?.until == after(7))
        pacing.finished(.tooMany("429", retryAfterSeconds: nil), at: after(10))
        #expect(pacing.activeStop(at: after(10))?.until == after(70))
    }

    @Test("failures double the cooldown up to its maximum, and a response resets it")
    func failures() {
        var pacing = pacing()
        var pauses: [Int64] = []
        for _ in 0..<10 {
            pacing.finished(.failed("down", retryAfterSeconds: nil), at: start)
            pauses.append(((pacing.activeStop(at: start)?.until.milliseconds ?? 0) - start.milliseconds) / 1000)
        }
        #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
        pacing.finished(.responded, at: after(300))
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: after(300))
        #expect(pacing.activeStop(at: after(300))?.until == after(302))
    }

    @Test("several failures may be tolerated before the source stops, and one after the cooldown stops it again")
    func circuitBreaker() {
        var pacing = RateLimitState(
            RateLimit(
                failuresBeforeCooldown: 3, cooldownAfterFailure: .seconds(120), longestCooldown: .seconds(120)))
        for _ in 0..<2 { pacing.finished(.failed("down", retryAfterSeconds: nil), at: start) }
        #expect(pacing.activeStop(at: start) == nil)
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: start)
        #expect(pacing.activeStop(at: start)?.until == after(120))
        #expect(pacing.request(at: after(120)) == .granted)
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: after(121))
        #expect(pacing.activeStop(at: after(121))?.until == after(241))
        #expect(pacing.requestsLeft(at: start) == nil)
    }

    @Test("two invalid responses are tolerated, the third in a row is a failure")
    func odd() {
        var pacing = pacing()
        for _ in 0..<2 { pacing.finished(.odd("empty"), at: start) }
        #expect(pacing.activeStop(at: start) == nil)
        // A valid response starts the count again.
        pacing.finished(.responded, at: start)
        for _ in 0..<2 { pacing.finished(.odd("empty"), at: start) }
        #expect(pacing.activeStop(at: start) == nil)
        pacing.finished(.odd("empty"), at: start)
        #expect(pacing.activeStop(at: start)?.cause == .failed)
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
