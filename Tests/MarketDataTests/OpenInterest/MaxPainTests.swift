import MarketData
import TestSupport
import Testing

@Suite("Max pain")
struct MaxPainTests {
    @Test("one pass gives the same result as the textbook's full table", arguments: 0..<300)
    func textbook(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let snapshot = RandomChain.random(&random)
        #expect(snapshot.maxPain == textbook(snapshot))
    }

    @Test("of equal strikes the lowest is returned")
    func ties() {
        #expect(RandomChain.snapshot([(100, 0, 5), (110, 0, 0), (120, 5, 0)]).maxPain == Strike("100"))
    }

    @Test("without open interest there is no max pain")
    func none() {
        #expect(RandomChain.snapshot([(100, 0, 0), (110, nil, nil)]).maxPain == nil)
        #expect(RandomChain.snapshot([]).maxPain == nil)
    }

    private func textbook(_ snapshot: OpenInterestSnapshot) -> Strike? {
        let rows = snapshot.strikes.map { ($0.strike, $0.call?.openInterest ?? 0, $0.put?.openInterest ?? 0) }
        guard rows.contains(where: { $0.1 > 0 || $0.2 > 0 }) else { return nil }
        let pains = rows.map { candidate in
            rows.reduce(0.0) { sum, row in
                let distance = candidate.0.price - row.0.price
                return sum + (distance > 0 ? distance * row.1 : -distance * row.2)
            }
        }
        return pains.indices.min { pains[$0] < pains[$1] }.map { rows[$0].0 }
    }
}
