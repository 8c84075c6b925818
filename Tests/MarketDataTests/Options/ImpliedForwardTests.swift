import MarketData
import Testing

@Suite("Implied forward")
struct ImpliedForwardTests {
    private let chain = ModelChain()

    @Test("one stale premium does not move the median")
    func stale() throws {
        let snapshot = chain.snapshot { if $0.strike.price == 25_000 { $0.call?.last = 900 } }
        let forward = try #require(snapshot.impliedForward(years: chain.years, rate: 0).value)
        #expect(abs(forward.price - chain.forward) < 1e-8)
        #expect(forward.strikes.contains { $0.price == 25_000 })
    }

    @Test("of four forwards it is halfway between the two in the middle")
    func even() throws {
        let dearer = [25_200: 2.0, 25_300: 4.0]
        let snapshot = chain.snapshot { row in
            if [24_900, 25_000, 25_100].contains(row.strike.price) { row.put?.last = 0 }
            guard let more = dearer[Int(row.strike.price)], let last = row.call?.last else { return }
            row.call?.last = last + more
        }
        let forward = try #require(snapshot.impliedForward(years: chain.years, rate: 0).value)
        #expect(forward.strikes.count == 4)
        #expect(abs(forward.price - chain.forward - 1) < 1e-8)
    }

    @Test("without a spot the money is where call and put cost nearly the same")
    func noSpot() throws {
        var chain = chain
        chain.spot = nil
        let forward = try #require(chain.snapshot().impliedForward(years: chain.years, rate: 0).value)
        #expect(abs(forward.price - chain.forward) < 1e-8)
        #expect(forward.strikes[2].price == 25_000)
    }

    @Test("needs three strikes near the money; those far away do not count")
    func few() throws {
        for (missing, isKnown) in [
            ([24_900, 25_000, 25_100, 25_200], true), ([24_800, 24_900, 25_000, 25_100, 25_200], false),
        ]
            as [([Double], Bool)]
        {
            let snapshot = chain.snapshot { if missing.contains($0.strike.price) { $0.put?.last = 0 } }
            let forward = snapshot.impliedForward(years: chain.years, rate: 0)
            #expect((forward.value != nil) == isKnown)
            if !isKnown {
                #expect(
                    forward.reason == "of the 7 strikes nearest to 25000, 2 have a price of both sides; 3 are needed"
                )
            }
        }
    }

    @Test("a chain without prices has no forward")
    func none() {
        let snapshot = RandomChain.snapshot([(100, 1, 1), (110, 1, 1)])
        let reason = snapshot.impliedForward(years: 0.1, rate: 0).reason
        #expect(reason == "no strike has a price of both its call and its put")
    }

    @Test("call less put, compounded, lies between strike and forward")
    func rate() throws {
        var chain = ModelChain(rate: 0.07, days: 200)
        chain.forward = 25_900
        chain.spot = 25_000
        let with = try #require(chain.snapshot().impliedForward(years: chain.years, rate: 0.07).value)
        #expect(abs(with.price - 25_900) < 1e-8)
        let without = try #require(chain.snapshot().impliedForward(years: chain.years, rate: 0).value)
        #expect(without.price < 25_890)
    }
}
