import MarketData
import SourceHTTP
import TestSupport
import Testing

@testable import NSE

@Suite("Rate limit of NSE")
struct NSERateLimitTests {
    let start = india("2026-11-20 10:00")

    func until(_ state: RateLimitState, at seconds: Int64) -> Timestamp? {
        state.activeStop(at: start.advanced(bySeconds: seconds))?.until
    }

    @Test("five failures in a row open the circuit for two minutes; after it one more is enough, for as long again")
    func circuit() {
        var state = RateLimitState(.nse)
        for _ in 0..<4 { state.finished(.failed("down", retryAfterSeconds: nil), at: start) }
        #expect(until(state, at: 0) == nil)
        state.finished(.failed("down", retryAfterSeconds: nil), at: start)
        #expect(until(state, at: 0) == start.advanced(bySeconds: 120))
        #expect(state.request(at: start.advanced(bySeconds: 120)) == .granted)
        state.finished(.failed("down", retryAfterSeconds: nil), at: start.advanced(bySeconds: 120))
        #expect(until(state, at: 120) == start.advanced(bySeconds: 240))
        state.finished(.responded, at: start.advanced(bySeconds: 240))
        state.finished(.failed("down", retryAfterSeconds: nil), at: start.advanced(bySeconds: 241))
        #expect(until(state, at: 241) == nil)
    }

    @Test("a refusal starts a cooldown of two minutes, and a second request waits for the rest of its second")
    func refusal() {
        var state = RateLimitState(.nse)
        #expect(state.request(at: start) == .granted)
        #expect(state.request(at: Timestamp(milliseconds: start.milliseconds + 250)) == .wait(milliseconds: 750))
        state.finished(.refused("no"), at: start)
        #expect(until(state, at: 0) == start.advanced(bySeconds: 120))
    }
}
