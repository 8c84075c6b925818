import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Order of trust")
struct SourceFailoverTests {
    private static let down = MarketDataError(.upstreamUnavailable, "is down", source: .tradingview)

    @Test("the first source's answer is the answer, and the second is not asked")
    func first() async throws {
        let (one, two) = (ScriptedSource(.tradingview), ScriptedSource(.nse))
        let hub = MarketHub.over(one, two)
        #expect(try await hub.bars(.minutes(5)).provenance.source == .tradingview)
        #expect(two.questions == 0)
    }

    @Test(
        "a source that is down, too slow, unreadable, turns us away or is not made for it lets the next one answer",
        arguments: [
            MarketDataError.Code.upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .throttled, .notSupported,
        ])
    func next(code: MarketDataError.Code) async throws {
        let hub = MarketHub.over(
            ScriptedSource(.tradingview, failing: MarketDataError(code, "cannot", source: .tradingview)),
            ScriptedSource(.nse))
        #expect(try await hub.openInterest(OpenInterestRequest(symbol: .nifty)).provenance.source == .nse)
    }

    @Test(
        "any other failure is the answer, and no other source is asked",
        arguments: MarketDataError.Code.allCases.filter {
            ![.upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .throttled, .notSupported].contains($0)
        })
    func final(code: MarketDataError.Code) async throws {
        let second = ScriptedSource(.nse)
        let hub = MarketHub.over(ScriptedSource(.tradingview, failing: MarketDataError(code, "no")), second)
        let error = await #expect(throws: MarketDataError.self) { try await hub.bars(.minutes(5)) }
        #expect(error?.code == code)
        #expect(second.questions == 0)
    }

    @Test("when all fail, the failure told is the first that says more than that it is not supported")
    func allFail() async throws {
        let hub = MarketHub.over(
            ScriptedSource(.trendlyne, failing: MarketDataError(.notSupported, "has no bars", source: .trendlyne)),
            ScriptedSource(.tradingview, failing: Self.down))
        let error = await #expect(throws: MarketDataError.self) { try await hub.bars(.minutes(5)) }
        #expect(error == Self.down)
    }

    @Test("without any source the answer is that it is not supported")
    func none() async throws {
        let error = await #expect(throws: MarketDataError.self) {
            try await MarketHub.over().search(SymbolQuery(text: "NIFTY"))
        }
        #expect(error?.code == .notSupported)
    }

    @Test("the status tells of each source's data and failures")
    func status() async throws {
        let hub = MarketHub.over(ScriptedSource(.tradingview, failing: Self.down), ScriptedSource(.nse))
        _ = try await hub.bars(.minutes(5))
        #expect(hub.sources.map(\.status.source) == [.nse, .tradingview])
        #expect(hub.sources.map(\.status.state) == [.connected, .down])
        #expect(hub.sources[1].lastError == Self.down)
    }
}
