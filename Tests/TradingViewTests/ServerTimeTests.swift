import MarketData
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("Upstream's clock")
struct ServerTimeTests {
    private let start = Timestamp(seconds: 1_700_000_000)

    @Test("is known after the first stamp, advances with the steady clock, and uses the fastest packet")
    func estimate() {
        var clock = ServerTime()
        #expect(clock.now(at: .zero) == nil)
        clock.saw(start, at: .seconds(1))
        #expect(clock.now(at: .seconds(11)) == start.advanced(bySeconds: 10))
        // This one was on its way for less long.
        clock.saw(start.advanced(bySeconds: 12), at: .seconds(11))
        #expect(clock.now(at: .seconds(11)) == start.advanced(bySeconds: 12))
        // And this one for longer.
        clock.saw(start.advanced(bySeconds: 15), at: .seconds(20))
        #expect(clock.now(at: .seconds(20)) == start.advanced(bySeconds: 21))
    }

    @Test("one stamp that is far off is ignored, and two that agree are used", arguments: [-86_400, 3600] as [Int64])
    func suspect(seconds: Int64) {
        var clock = ServerTime()
        clock.saw(start, at: .zero)
        clock.saw(start.advanced(bySeconds: seconds), at: .zero)
        #expect(clock.now(at: .zero) == start)
        clock.saw(start.advanced(bySeconds: seconds + 1), at: .seconds(1))
        #expect(clock.now(at: .seconds(1)) == start.advanced(bySeconds: seconds + 1))
    }

    @Test("a few probes may be sent at once, then one every ten seconds")
    func budget() {
        var budget = ProbeBudget(at: .zero)
        #expect((0..<100).filter { _ in budget.take(at: .zero) }.count == 60)
        #expect(!budget.take(at: .seconds(9)) && budget.take(at: .seconds(10)))
    }
}
