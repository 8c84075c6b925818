import Logging
import MarketData
import MockMarket
import TestSupport
import Testing

@testable import MarketHub

@Suite("Failover of option chains")
struct OptionChainFailoverTests {
    /// A source that fails in one way.
    private struct FailingChains: OptionChainProvider {
        let error: MarketDataError

        func optionChain(of symbol: Symbol, expiry: CalendarDate?) async throws -> OptionChain { throw error }
    }

    private static let moment = Timestamp(seconds: 1_795_163_400)  // 2026-11-20 14:00 in India
    private let market = MockMarket(hours: .exchange, clock: { Self.moment })

    private func hub(_ chains: [any OptionChainProvider]) -> MarketHub {
        MarketHub(
            history: [], openInterest: [], optionChains: chains, live: [], search: [],
            logger: .quiet, clock: { Self.moment })
    }

    @Test("the chain of the first source that responds is returned unchanged")
    func passes() async throws {
        let down = FailingChains(error: MarketDataError(.upstreamUnavailable, "is down", source: .trendlyne))
        let chain = try await hub([down, market]).optionChain(of: .nifty, expiry: nil)
        #expect(chain == (try await market.optionChain(of: .nifty, expiry: nil)))
        #expect(chain.snapshot.provenance.source == .mock)
        #expect(chain.snapshot.provenance.mode == .simulated)
        #expect(chain.snapshot.strikes.allSatisfy { $0.call?.last != nil && $0.call?.impliedVolatility != nil })
    }

    @Test("an unlisted expiry is final, and no other source is used")
    func unlisted() async throws {
        let first = FailingChains(error: MarketDataError(.expiryNotListed, "not listed", source: .nse))
        let error = await #expect(throws: MarketDataError.self) {
            try await hub([first, market]).optionChain(of: .nifty, expiry: nil)
        }
        #expect(error?.code == .expiryNotListed)
    }

    @Test("without a source of chains the request is not supported")
    func none() async throws {
        let error = await #expect(throws: MarketDataError.self) {
            try await hub([]).optionChain(of: .nifty, expiry: nil)
        }
        #expect(error?.code == .notSupported)
    }
}
