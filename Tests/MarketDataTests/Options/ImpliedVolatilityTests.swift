import Foundation
import MarketData
import TestSupport
import Testing

@Suite("Implied volatility")
struct ImpliedVolatilityTests {
    @Test("10,000 options give back the volatility that made their prices")
    func grid() throws {
        var count = 0
        for volatility in [0.03, 0.08, 0.12, 0.156, 0.2, 0.3, 0.5, 0.8, 1.2, 2.5] {
            for years in [1 / 8760.0, 1 / 365.0, 3 / 365.0, 7 / 365.0, 0.0781, 0.25, 0.5, 1, 2, 5] {
                for rate in [0, 0.07] {
                    for deviations in stride(from: -3.0, to: 3, by: 0.24) {
                        for type in OptionType.allCases {
                            try roundTrip(volatility, years, rate, deviations, type)
                            count += 1
                        }
                    }
                }
            }
        }
        #expect(count == 10_000)
    }

    private func roundTrip(
        _ volatility: Double, _ years: Double, _ rate: Double, _ deviations: Double, _ type: OptionType
    ) throws {
        let forward = 25_000.0
        let strike = forward * exp(deviations * min(0.5, volatility * years.squareRoot()))
        let model = try #require(
            Black76(forward: forward, strike: strike, years: years, rate: rate, volatility: volatility)
        )
        let price = model.price(type)
        let found = ImpliedVolatility.of(
            price: price, type: type, forward: forward, strike: strike, years: years, rate: rate
        )
        let value = try #require(found.value, "\(model): \(found.reason ?? "")")
        // A price says no more of the volatility than its last digits do.
        let tolerance = 1e-9 * volatility + 16 * forward.ulp / (model.vega * 100)
        #expect(abs(value - volatility) <= tolerance, "\(model)")
    }

    @Test(
        "a price without a matching volatility has none, with a reason",
        arguments: [
            (OptionType.call, 99.0, "below the intrinsic value 100"), (.put, 0, "intrinsic value alone"),
            (.call, 100, "intrinsic value alone"), (.call, 1100, "not below its bound 1100"),
            (.put, 1000, "not below its bound 1000"), (.put, 999.999_999_999_9, "no volatility up to 10000 %"),
            (.call, -1, "not a positive number"), (.call, .nan, "not a positive number"),
        ])
    func reasons(type: OptionType, price: Double, reason: String) {
        let found = ImpliedVolatility.of(price: price, type: type, forward: 1100, strike: 1000, years: 1e-3, rate: 0)
        #expect(found.value == nil)
        #expect(found.reason?.contains(reason) == true, "\(found)")
    }

    @Test(
        "within a minute of expiry a price has no volatility", arguments: [-1, 0, ImpliedVolatility.shortestYears / 2])
    func lastMinute(years: Double) {
        let found = ImpliedVolatility.of(price: 5, type: .call, forward: 100, strike: 100, years: years, rate: 0)
        #expect(found.reason?.contains("less than a minute") == true)
    }

    @Test("a premium of one tick far from the money has a volatility")
    func tick() throws {
        let found = ImpliedVolatility.of(
            price: 0.05, type: .put, forward: 25_000, strike: 15_000, years: 4 / 365, rate: 0
        )
        let volatility = try #require(found.value)
        let model = try #require(
            Black76(forward: 25_000, strike: 15_000, years: 4 / 365, rate: 0, volatility: volatility)
        )
        #expect(abs(model.price(.put) - 0.05) < 1e-9)
    }

    @Test("the rounding error of an intrinsic price is not time value, over many forwards and strikes")
    func roundingNoise() {
        var random = SeededGenerator(seed: 12)
        var cases = [(24_412.8, 23_350.0, 1062.8), (24_412.8, 23_400, 1012.8), (24_412.8, 23_450, 962.8)]
        for _ in 0..<2_000 {
            let forward = Double(Int.random(in: 400_000...2_000_000, using: &random)) / 20
            let steps = Int.random(in: 1...60, using: &random)
            let strike = ((forward / 50).rounded(.down) - Double(steps)) * 50
            // As an exchange prints it: to a twentieth.
            cases.append((forward, strike, ((forward - strike) * 20).rounded() / 20))
        }
        for (forward, strike, price) in cases {
            let call = ImpliedVolatility.of(
                price: price, type: .call, forward: forward, strike: strike, years: 3 / 365, rate: 0)
            #expect(call.reason?.contains("intrinsic value alone") == true, "\(forward) \(strike) \(call)")
            let put = ImpliedVolatility.of(
                price: price, type: .put, forward: strike, strike: forward, years: 3 / 365, rate: 0)
            #expect(put.reason?.contains("intrinsic value alone") == true, "\(forward) \(strike) \(put)")
        }
    }

    @Test("half a tick of time value in the money has a volatility", arguments: [0.025, 0.05, 1])
    func halfTick(timeValue: Double) {
        let found = ImpliedVolatility.of(
            price: 1062.8 + timeValue, type: .call, forward: 24_412.8, strike: 23_350, years: 3 / 365, rate: 0)
        #expect(found.value != nil)
    }
}
