import Foundation
import MarketData
import Testing

@testable import MockMarket

@Suite("Arithmetic without libm")
struct NumericsTests {
    @Test("the exponential agrees with libm's to ten digits")
    func exponential() {
        for x in stride(from: -20.0, through: 3, by: 0.037) {
            #expect(abs(Exponential.of(x) / Foundation.exp(x) - 1) < 1e-10)
        }
    }

    @Test("the normal distribution agrees with libm's error function, and never falls")
    func normal() {
        var before = -1.0
        for x in stride(from: -8.0, through: 8, by: 0.013) {
            let value = NormalDistribution.cumulative(x)
            #expect(abs(value - Foundation.erfc(-x / 2.0.squareRoot()) / 2) < 1e-10)
            #expect(value >= before - 1e-15)
            before = value
        }
        #expect(NormalDistribution.cumulative(0) == 0.5)
    }

    @Test("premiums equal Bachelier's closed form at the money: deviation over the root of two pi")
    func atTheMoney() {
        let pricing = OptionPricing(spot: 25_000, volatility: 0.14, secondsToExpiry: 7 * 86_400)
        let expected = 25_000 * 0.14 * (7.0 / 365).squareRoot() / (2 * Double.pi).squareRoot()
        let (call, put) = pricing.premiums(at: 25_000)
        #expect(call == put)
        #expect(abs(Prices.price(call) - expected) <= 0.0251)
    }

    @Test("seeded noise is uniform in ten bins, and normal noise has its deviation")
    func noise() {
        let noise = SeededNoise(seed: 1, name: "even")
        var tenths = [Int](repeating: 0, count: 10)
        for index in 0..<10_000 { tenths[Int(noise.fraction(index) * 10)] += 1 }
        #expect(tenths.allSatisfy { (900...1_100).contains($0) })
        let squares = (0..<10_000).map { Double(noise.bell($0)) }.map { $0 * $0 }.reduce(0, +)
        #expect(abs((squares / 10_000).squareRoot() / SeededNoise.bellDeviation - 1) < 0.03)
        #expect(noise.bits(1) == SeededNoise(seed: 1, name: "even").bits(1))
        #expect(noise.bits(1) != SeededNoise(seed: 2, name: "even").bits(1))
        #expect(noise.bits(1) != SeededNoise(seed: 1, name: "odd").bits(1))
    }

    @Test("a bridge ends where it must and is not a straight line")
    func bridge() {
        let bridge = Bridge(
            from: 500_000, to: 503_000, steps: 288, deviation: 200, noise: SeededNoise(seed: 1, name: "bridge"))
        #expect(bridge[0] == 500_000)
        #expect(bridge[288] == 503_000)
        let away = (0...288).map { abs(Double(bridge[$0]) - (500_000 + 3_000 * Double($0) / 288)) }.max() ?? 0
        #expect(away > 500 && away < 15_000)
    }

    @Test("prices move: hardly two ticks of a NIFTY block are the same", arguments: MockMarket.Hours.allCases)
    func moving(hours: MockMarket.Hours) throws {
        let market = MockMarket(hours: hours, clock: { Timestamp(seconds: 0) })
        let listing = try market.universe.listing(Symbol(exchange: "NSE", ticker: "NIFTY"))
        let session = try #require(market.calendar.session(on: CalendarDate(daysSinceEpoch: 20_777)))
        let day = market.paths.day(session, of: listing)
        for block in 0..<day.blocks {
            let ticks = BlockTicks(block: block, of: day).prices
            #expect(ticks.count == 61)
            #expect(ticks.first == day.ends[block] && ticks.last == day.ends[block + 1])
            #expect(ticks.max() == day.highs[block] && ticks.min() == day.lows[block])
            let still = zip(ticks, ticks.dropFirst()).filter { $0 == $1 }.count
            #expect(still < 12)
        }
    }

    @Test("finds near names: one letter off, the same ticker elsewhere, parts of one another")
    func nearNames() throws {
        let names = NearNames(Universe.standard.listings.map(\.symbol))
        func first(_ text: String) throws -> String? { try names.suggestions(for: Symbol(text)).first?.description }
        #expect(try first("NSE:NIFTI") == "NSE:NIFTY")
        #expect(try first("BSE:NIFTY") == "NSE:NIFTY")
        #expect(try first("NSE:RELIANC") == "NSE:RELIANCE")
        #expect(try names.suggestions(for: Symbol("NSE:BANK")).map(\.ticker).contains("BANKNIFTY"))
        #expect(try names.suggestions(for: Symbol("NSE:QWERTZUIOP")).isEmpty)
        #expect(NearNames.distance(Array("KITTEN".utf8), Array("SITTING".utf8)) == 3)
    }
}
