import MarketData
import Testing

@testable import NSE

@Suite("the pace of requests to NSE")
struct RequestPacingTests {
    let start = india("2026-11-20 10:00")

    func after(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: start.milliseconds + Int64(seconds * 1000))
    }

    func until(_ pacing: RequestPacing, at seconds: Double) -> Timestamp? {
        pacing.activeStop(at: after(seconds))?.until
    }

    @Test("a second request waits for the rest of its second, and a clock that was set back costs one at the most")
    func gap() {
        var pacing = RequestPacing(RequestPace())
        #expect(pacing.request(at: after(10)) == .granted)
        #expect(pacing.request(at: after(10.25)) == .wait(milliseconds: 750))
        #expect(pacing.request(at: start) == .wait(milliseconds: 1000))
        #expect(pacing.request(at: after(11)) == .granted)
    }

    @Test("five failures in a row open the circuit for two minutes; after it one more is enough")
    func circuit() {
        var pacing = RequestPacing(RequestPace())
        for _ in 0..<4 { pacing.finished(.failed("down"), at: start) }
        #expect(until(pacing, at: 0) == nil)
        pacing.finished(.failed("down"), at: start)
        #expect(until(pacing, at: 0) == after(120))
        guard case .stopped(let stop) = pacing.request(at: after(119)) else {
            Issue.record("not stopped")
            return
        }
        #expect(stop.error(host: "h", at: after(119)).code == .upstreamUnavailable)
        #expect(stop.error(host: "h", at: after(119)).message == "NSE (h) is not asked again for 1 s: down")
        #expect(pacing.request(at: after(120)) == .granted)
        pacing.finished(.failed("down"), at: after(120))
        #expect(until(pacing, at: 120) == after(240))
        pacing.finished(.answered, at: after(240))
        pacing.finished(.failed("down"), at: after(241))
        #expect(until(pacing, at: 241) == nil)
    }

    @Test("a refusal rests two minutes, 429 as long as it says and a minute where it does not")
    func refusals() {
        var pacing = RequestPacing(RequestPace())
        pacing.finished(.refused("no"), at: start)
        #expect(until(pacing, at: 0) == after(120))
        #expect(pacing.activeStop(at: start)?.error(host: "h", at: start).code == .throttled)
        pacing.finished(.tooMany("many", retryAfterSeconds: 7), at: after(120))
        #expect(until(pacing, at: 120) == after(127))
        pacing.finished(.tooMany("many", retryAfterSeconds: nil), at: after(130))
        #expect(until(pacing, at: 130) == after(190))
    }
}
