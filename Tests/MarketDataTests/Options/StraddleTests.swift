import MarketData
import Testing

@Suite("Straddle and expected move")
struct StraddleTests {
    @Test("the straddle at the money is the sum of both sides and one expected move")
    func straddle() throws {
        let chain = ModelChain()
        let straddle = try #require(chain.snapshot().straddle.value)
        #expect(straddle.strike == Strike(25_000))
        #expect(straddle.price == straddle.call + straddle.put)
        let snapshot = chain.snapshot()
        let byStraddle = try #require(snapshot.expectedMoveByStraddle.value)
        #expect(byStraddle.method == .straddle)
        #expect(byStraddle.amount == straddle.price)
        let greeks = try #require(snapshot.greeks().value)
        let byVolatility = try #require(snapshot.expectedMoveByVolatility(greeks).value)
        #expect(byVolatility.method == .volatility)
        #expect(abs(byVolatility.amount - 25_000 * chain.volatility(25_000) * chain.years.squareRoot()) < 1e-3)
        // The mean of a move's size is sqrt(2/pi) of its standard deviation.
        #expect(abs(byStraddle.amount / byVolatility.amount - (2 / Double.pi).squareRoot()) < 0.01)
    }

    @Test("without one leg there is neither straddle nor expected move")
    func noStraddle() {
        let snapshot = ModelChain().snapshot { if $0.strike.price == 25_000 { $0.put = nil } }
        #expect(snapshot.straddle.reason == "the put of 25000, at the money, has no last price")
        #expect(snapshot.expectedMoveByStraddle.reason == snapshot.straddle.reason)
        #expect(ModelChain(spot: nil).snapshot().straddle.reason == "the spot is not known")
    }
}
