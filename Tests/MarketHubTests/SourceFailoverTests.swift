import MarketData
import TestSupport
import Testing

@testable import MarketHub

@Suite("Source failover")
struct SourceFailoverTests {
    private static let down = MarketDataError(.upstreamUnavailable, "is down", source: .tradingview)

    @Test("the first source's response is used, and the second gets no request")
    func first() async throws {
        let (one, two) = (ScriptedSource(.tradingview), ScriptedSource(.nse))
        let hub = MarketHub.over(one, two)
        #expect(try await hub.bars(.minutes(5)).provenance.source == .tradingview)
        #expect(two.requests == 0)
    }

    @Test(
        "a source that is down, slow, invalid, refusing or unsuitable is replaced by the next one",
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
        "any other failure is returned, and no other source is used",
        arguments: MarketDataError.Code.allCases.filter {
            ![.upstreamUnavailable, .upstreamTimeout, .upstreamUnreadable, .throttled, .notSupported].contains($0)
        })
    func final(code: MarketDataError.Code) async throws {
        let second = ScriptedSource(.nse)
        let hub = MarketHub.over(ScriptedSource(.tradingview, failing: MarketDataError(code, "no")), second)
        let error = await #expect(throws: MarketDataError.self) { try await hub.bars(.minutes(5)) }
        #expect(error?.code == code)
        #expect(second.requests == 0)
    }

    @Test("when all fail, the first failure other than not supported is returned")
    func allFail() async throws {
        let hub = MarketHub.over(
            ScriptedSource(.trendlyne, failing: MarketDataError(.notSupported, "has no bars", source: .trendlyne)),
            ScriptedSource(.tradingview, failing: Self.down))
        let error = await #expect(throws: MarketDataError.self) { try await hub.bars(.minutes(5)) }
        #expect(error == Self.down)
    }

    @Test("without any source the request is not supported")
    func none() async throws {
        let error = await #expect(throws: MarketDataError.self) {
            try await MarketHub.over().search(SymbolQuery(text: "NIFTY"))
        }
        #expect(error?.code == .notSupported)
    }

    @Test("the status reports each source's data and failures")
    func status() async throws {
        let hub = MarketHub.over(ScriptedSource(.tradingview, failing: Self.down), ScriptedSource(.nse))
        _ = try await hub.bars(.minutes(5))
        #expect(hub.sources.map(\.status.source) == [.nse, .tradingview])
        #expect(hub.sources.map(\.status.state) == [.connected, .down])
        #expect(hub.sources[1].lastError == Self.down)
    }
}
