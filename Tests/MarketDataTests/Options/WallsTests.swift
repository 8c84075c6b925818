import MarketData
import Testing

@Suite("Support and resistance")
struct WallsTests {
    @Test("resistance is the largest call interest above the spot, support the largest put interest below it")
    func walls() {
        let snapshot = RandomChain.snapshot(
            [(90, 900, 10), (95, 1, 40), (100, 5, 30), (105, 20, 800), (110, 50, 1), (115, 20, 0), (120, 0, 0)],
            spot: 100
        )
        #expect(snapshot.resistance().value?.map(\.strike.price) == [110, 105, 115])
        #expect(reported(snapshot.resistance(count: 1)) == [[110, 50]])
        #expect(snapshot.support().value?.map(\.strike.price) == [95, 100, 90])
        #expect(snapshot.support(count: 9).value?.count == 3)
    }

    @Test("by change, only an increase is a wall")
    func change() {
        var snapshot = RandomChain.snapshot([(90, 1, 1), (100, 1, 1), (110, 1, 1)], spot: 100)
        for (index, change) in [(0, 5.0), (1, -9.0), (2, 3.0)] {
            snapshot.strikes[index].call?.change = change
            snapshot.strikes[index].put?.change = change
        }
        #expect(reported(snapshot.resistance(by: .change)) == [[110, 3]])
        #expect(reported(snapshot.support(by: .change)) == [[90, 5]])
    }

    @Test("without a spot or open interest there are no walls, with the reason")
    func none() {
        let blind = RandomChain.snapshot([(90, 1, 1)])
        #expect(blind.resistance().reason == "the spot is not known")
        let empty = RandomChain.snapshot([(90, 5, nil), (110, 0, 7)], spot: 100)
        #expect(empty.resistance().reason == "no call at or above 100 has open interest above zero")
        #expect(empty.support().reason == "no put at or below 100 has open interest above zero")
    }

    private func reported(_ walls: ComputedValue<[OpenInterestWall]>) -> [[Double]]? {
        walls.value?.map { [$0.strike.price, $0.size] }
    }
}
