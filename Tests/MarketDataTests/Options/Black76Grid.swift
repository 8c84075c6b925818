import Foundation
import MarketData
import TestSupport

/// Options made up for tests.
enum Black76Grid {
    /// Options within three standard deviations of the money.
    static func models(seed: UInt64, count: Int) -> [Black76] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).compactMap { _ in
            let forward = Double.random(in: 50...90_000, using: &random)
            let years = Double.random(in: 0.005...5, using: &random)
            let volatility = Double.random(in: 0.05...1.5, using: &random)
            let distance = Double.random(in: -3...3, using: &random) * volatility * years.squareRoot()
            return Black76(
                forward: forward, strike: forward * exp(distance), years: years,
                rate: Double.random(in: -0.02...0.12, using: &random), volatility: volatility
            )
        }
    }

    static func discount(_ model: Black76) -> Double { exp(-model.rate * model.years) }

    static func moved(_ model: Black76, forward width: Double) -> Black76? {
        Black76(
            forward: model.forward + width, strike: model.strike, years: model.years, rate: model.rate,
            volatility: model.volatility
        )
    }

    static func moved(_ model: Black76, _ parameter: KeyPath<Black76, Double>, by width: Double) -> Black76? {
        Black76(
            forward: model.forward, strike: model.strike, years: model.years + (parameter == \.years ? width : 0),
            rate: model.rate + (parameter == \.rate ? width : 0),
            volatility: model.volatility + (parameter == \.volatility ? width : 0)
        )
    }
}
