import MarketData
import Testing

@Suite("Gamma exposure")
struct GammaExposureTests {
    @Test("is calls less puts, in money for one percent")
    func total() throws {
        let chain = ModelChain()
        let snapshot = chain.snapshot()
        let greeks = try #require(snapshot.greeks().value)
        let exposure = try #require(snapshot.gammaExposure(by: greeks).value)
        let row = try #require(exposure.rows.first { $0.strike.price == 25_200 })
        let model = try #require(
            Black76(
                forward: chain.forward, strike: 25_200, years: chain.years, rate: 0,
                volatility: chain.volatility(25_200)
            )
        )
        let square = chain.forward * chain.forward * 0.01
        #expect(close(try #require(row.call), model.gamma * 3_200 * square))
        #expect(close(try #require(row.put), -model.gamma * 2_800 * square))
        let sum = exposure.rows.reduce(0.0) { $0 + ($1.call ?? 0) + ($1.put ?? 0) }
        #expect(close(exposure.total, sum))
        #expect(GammaExposure.assumption.contains("assumed"))
    }

    @Test("contracts are multiplied by the lot, shares are not")
    func units() throws {
        var chain = ModelChain()
        let shares = try exposure(chain)
        chain.lotSize = nil
        #expect(try exposure(chain) == shares)
        chain.unit = .contracts
        chain.lotSize = 65
        #expect(close(try exposure(chain), shares * 65))
        chain.lotSize = nil
        let snapshot = chain.snapshot()
        let reason = try found(snapshot).reason
        #expect(reason == "open interest is in contracts and the lot is not known")
    }

    @Test("a side without greeks is left out of the sums and counted")
    func leftOut() throws {
        let whole = ModelChain().snapshot()
        let snapshot = ModelChain().snapshot { row in
            if row.strike.price == 25_300 { row.call?.last = nil }
            if row.strike.price == 25_400 { row.put = nil }
            if row.strike.price == 25_500 { row.put = OptionData(openInterest: 0) }
        }
        let exposure = try #require(try found(snapshot).value)
        let full = try #require(try found(whole).value)
        #expect(exposure.sidesLeftOut == full.sidesLeftOut + 1)
        func row(_ price: Double) -> GammaExposure.Row? { exposure.rows.first { $0.strike.price == price } }
        #expect(row(25_300)?.call == nil)
        #expect(row(25_400)?.put == nil)
        #expect(row(25_500)?.put == 0)
    }

    @Test("a chain without known values has no exposure rather than zero")
    func none() throws {
        let greeks = try #require(ModelChain().snapshot().greeks().value)
        let bare = ModelChain().snapshot { row in
            row.call?.openInterest = nil
            row.put = nil
        }
        #expect(bare.gammaExposure(by: greeks).reason == "no option has both open interest and greeks")
    }

    private func found(_ snapshot: OpenInterestSnapshot) throws -> ComputedValue<GammaExposure> {
        let greeks = try #require(snapshot.greeks().value)
        return snapshot.gammaExposure(by: greeks)
    }

    private func exposure(_ chain: ModelChain) throws -> Double {
        try #require(try found(chain.snapshot()).value).total
    }

    private func close(_ value: Double, _ expected: Double) -> Bool {
        abs(value - expected) <= 1e-6 * abs(expected)
    }
}
