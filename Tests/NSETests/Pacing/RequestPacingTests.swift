import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Rate limit of NSE")
struct RequestPacingTests {
    let start = india("2026-11-20 10:00")

    func until(_ pacing: RateLimitState, at seconds: Int64) -> Timestamp? {
        pacing.activeStop(at: start.advanced(bySeconds: seconds))?.until
    }

    @Test("five failures in a row open the circuit for two minutes; after it one more is enough, for as long again")
    func circuit() {
        var pacing = RateLimitState(.nse)
        for _ in 0..<4 { pacing.finished(.failed("down", retryAfterSeconds: nil), at: start) }
        #expect(until(pacing, at: 0) == nil)
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: start)
        #expect(until(pacing, at: 0) == start.advanced(bySeconds: 120))
        #expect(pacing.request(at: start.advanced(bySeconds: 120)) == .granted)
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: start.advanced(bySeconds: 120))
        #expect(until(pacing, at: 120) == start.advanced(bySeconds: 240))
        pacing.finished(.responded, at: start.advanced(bySeconds: 240))
        pacing.finished(.failed("down", retryAfterSeconds: nil), at: start.advanced(bySeconds: 241))
        #expect(until(pacing, at: 241) == nil)
    }

    @Test("a refusal starts a cooldown of two minutes, and a second request waits for the rest of its second")
    func refusal() {
        var pacing = RateLimitState(.nse)
        #expect(pacing.request(at: start) == .granted)
        #expect(pacing.request(at: Timestamp(milliseconds: start.milliseconds + 250)) == .wait(milliseconds: 750))
        pacing.finished(.refused("no"), at: start)
        #expect(until(pacing, at: 0) == start.advanced(bySeconds: 120))
    }
}
