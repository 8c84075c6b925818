import MarketData
import TestSupport
import Testing

@Suite("Supervision of a subscription")
struct SupervisionTests {
    private static func error(
        _ code: MarketDataError.Code, _ recovery: MarketDataError.Recovery? = nil
    ) -> MarketDataError { MarketDataError(code, "it failed", source: .tradingview, recovery: recovery) }

    @Test("a retryable failure is retried forever, at most four seconds apart")
    func retries() {
        var (machine, random) = (Supervision(at: .zero), SeededGenerator(seed: 1))
        var now = Duration.zero
        for attempt in 0..<200 {
            machine.connecting(at: now)
            let wait = machine.failed(Self.error(.upstreamUnavailable), at: now, using: &random)
            #expect(wait.map { $0 <= .seconds(4) && (attempt > 0 || $0 == .zero) } ?? false)
            #expect(machine.state == .backingOff && machine.reason == "it failed")
            now += wait ?? .zero
            #expect(machine.isDue(at: now) && !machine.isDue(at: now - .milliseconds(1)))
        }
    }

    @Test("data over some time resets the backoff, and brief data does not")
    func steady() {
        var (machine, random) = (Supervision(at: .zero), SeededGenerator(seed: 2))
        _ = machine.failed(Self.error(.upstreamTimeout), at: .zero, using: &random)
        machine.live(at: .seconds(1))
        #expect((machine.failed(Self.error(.upstreamTimeout), at: .seconds(2), using: &random) ?? .zero) > .zero)
        machine.live(at: .seconds(3))
        #expect(machine.failed(Self.error(.upstreamTimeout), at: .seconds(13), using: &random) == .zero)
        #expect(machine.error?.code == .upstreamTimeout)
        machine.live(at: .seconds(14))
        #expect(machine.state == .live && machine.error == nil && machine.hadData)
    }

    @Test(
        "a permanent failure ends the subscription, and an unknown symbol only before the first data",
        arguments: [
            (MarketDataError.Code.notEntitled, true, true), (.signInRefused, true, true), (.notSupported, true, true),
            (.badRequest, true, true), (.symbolNotFound, true, false), (.neverTraded, true, false),
            (.upstreamUnavailable, false, false), (.upstreamTimeout, false, false), (.throttled, false, false),
            (.overloaded, false, false),
        ])
    func permanent(code: MarketDataError.Code, first: Bool, later: Bool) {
        var (machine, random) = (Supervision(at: .zero), SeededGenerator(seed: 3))
        #expect((machine.failed(Self.error(code), at: .zero, using: &random) == nil) == first)
        #expect((machine.state == .refused) == first)
        machine.live(at: .seconds(1))
        #expect((machine.failed(Self.error(code), at: .seconds(2), using: &random) == nil) == later)
    }

    @Test("a Retry-After from the source is honoured")
    func retryAfter() {
        var (machine, random) = (Supervision(at: .zero), SeededGenerator(seed: 4))
        let requested = Self.error(.throttled, .retry(afterSeconds: 90))
        #expect((machine.failed(requested, at: .zero, using: &random) ?? .zero) >= .seconds(90))
    }

    @Test("the condition reports state, reason, since and next attempt as times of day")
    func condition() {
        var (machine, random) = (Supervision(at: .seconds(10)), SeededGenerator(seed: 5))
        let now = Timestamp(seconds: 1_000_000)
        #expect(machine.condition(at: .seconds(15), now: now).since == now.advanced(bySeconds: -5))
        let wait = machine.failed(Self.error(.throttled, .retry(afterSeconds: 30)), at: .seconds(20), using: &random)
        let condition = machine.condition(at: .seconds(25), now: now)
        #expect(condition.state == .backingOff && condition.since == now.advanced(bySeconds: -5))
        let seconds = Double((condition.nextTry?.milliseconds ?? 0) - now.milliseconds) / 1000
        #expect(abs(seconds - ((wait ?? .zero) / .seconds(1) - 5)) < 0.01)
        machine.stale("silent", at: .seconds(60))
        #expect(machine.condition(at: .seconds(60), now: now).nextTry == nil && machine.reason == "silent")
        machine.stop(at: .seconds(61))
        #expect(machine.state == .stopped)
    }
}
