import Foundation
import MarketData
import Testing

@Suite("Black-76")
struct Black76Tests {
    /// The golden case: forward 25965.84, strike 26000, 28.5071 days, a call at 435, no interest.
    static let years = 28.5071 / 365

    @Test("the reference case gives its volatility and greeks")
    func golden() throws {
        let volatility = try #require(
            ImpliedVolatility.of(
                price: 435, type: .call, forward: 25965.84, strike: 26000, years: Self.years, rate: 0
            ).value
        )
        let model = try #require(
            Black76(forward: 25965.84, strike: 26000, years: Self.years, rate: 0, volatility: volatility)
        )
        let greeks = OptionGreeks(model, of: .call)
        #expect(near(greeks.impliedVolatility, 15.6, 0.05))
        #expect(near(greeks.delta, 0.4967, 0.00005))
        #expect(near(greeks.gamma, 0.000352, 0.0000005))
        #expect(near(greeks.theta, -7.92, 0.005))
        #expect(near(greeks.vega, 28.95, 0.005))
        #expect(near(greeks.rho, -0.3397, 0.00005))
        #expect(near(model.price(.call), 435, 1e-9))
    }

    @Test("the reference case's put is consistent with its call")
    func goldenPut() throws {
        let model = try #require(
            Black76(forward: 25965.84, strike: 26000, years: Self.years, rate: 0, volatility: 0.156)
        )
        let (call, put) = (OptionGreeks(model, of: .call), OptionGreeks(model, of: .put))
        #expect(near(put.delta, 0.4967 - 1, 0.0005))
        #expect(put.gamma == call.gamma)
        #expect(put.vega == call.vega)
        #expect(near(put.theta, call.theta, 1e-9))
        #expect(near(put.rho, -Self.years * model.price(.put) / 100, 1e-12))
    }

    @Test(
        "the premium is the discounted mean payoff under the lognormal distribution",
        arguments: Black76Grid.models(seed: 3, count: 60))
    func payoff(model: Black76) {
        let deviation = model.volatility * model.years.squareRoot()
        let step = 1e-3
        var (call, put) = (0.0, 0.0)
        for index in -9_000..<9_000 {
            let x = (Double(index) + 0.5) * step
            let price = model.forward * exp(deviation * x - deviation * deviation / 2)
            let weight = exp(-x * x / 2) / (2 * Double.pi).squareRoot() * step
            call += max(0, price - model.strike) * weight
            put += max(0, model.strike - price) * weight
        }
        let discount = Black76Grid.discount(model)
        #expect(near(model.price(.call), discount * call, 1e-6 * model.forward), "\(model)")
        #expect(near(model.price(.put), discount * put, 1e-6 * model.forward), "\(model)")
    }

    @Test("call less put is the discounted forward less the strike", arguments: Black76Grid.models(seed: 1, count: 500))
    func parity(model: Black76) {
        let discounted = Black76Grid.discount(model) * (model.forward - model.strike)
        #expect(near(model.price(.call) - model.price(.put), discounted, 1e-10 * model.forward))
        #expect(near(model.delta(.call) - model.delta(.put), Black76Grid.discount(model), 1e-12))
    }

    @Test("the greeks equal the numerical derivatives of the price", arguments: OptionType.allCases)
    func slopes(type: OptionType) throws {
        for model in Black76Grid.models(seed: 2, count: 500) {
            let width = model.forward * 1e-4
            let up = try #require(Black76Grid.moved(model, forward: width))
            let down = try #require(Black76Grid.moved(model, forward: -width))
            #expect(near(model.delta(type), (up.price(type) - down.price(type)) / (2 * width), 2e-5), "\(model)")
            #expect(near(model.gamma, (up.delta(type) - down.delta(type)) / (2 * width), 2e-3 * model.gamma + 1e-12))
            try slope(model.vega * 100, of: type, model, by: \.volatility)
            try slope(-model.theta(type) * 365, of: type, model, by: \.years)
            try slope(model.rho(type) * 100, of: type, model, by: \.rate)
        }
    }

    @Test("far from the money the premium is the intrinsic value and never negative")
    func extremes() throws {
        let deep = try #require(Black76(forward: 1000, strike: 10, years: 0.01, rate: 0, volatility: 0.1))
        #expect(near(deep.price(.call), 990, 1e-9))
        #expect(deep.price(.put) == 0)
        #expect(near(deep.delta(.call), 1, 1e-12))
        #expect(deep.gamma == 0)
    }

    @Test("values that are not positive have no price")
    func refused() {
        for (forward, strike, years, volatility) in [
            (0, 1, 1, 1), (1, -1, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0), (.nan, 1, 1, 1), (1, 1, .infinity, 1),
        ] as [(Double, Double, Double, Double)] {
            #expect(Black76(forward: forward, strike: strike, years: years, rate: 0, volatility: volatility) == nil)
        }
    }

    private func slope(
        _ expected: Double, of type: OptionType, _ model: Black76, by parameter: KeyPath<Black76, Double>
    ) throws {
        let width = 1e-5
        let up = try #require(Black76Grid.moved(model, parameter, by: width)).price(type)
        let down = try #require(Black76Grid.moved(model, parameter, by: -width)).price(type)
        let slope = (up - down) / (2 * width)
        #expect(near(expected, slope, 1e-4 * abs(slope) + 1e-6 * model.forward), "\(model)")
    }

    private func near(_ value: Double, _ expected: Double, _ tolerance: Double) -> Bool {
        abs(value - expected) <= tolerance
    }
}
