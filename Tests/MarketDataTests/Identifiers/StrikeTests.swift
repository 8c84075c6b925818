import MarketData
import Testing

@Suite("Strikes")
struct StrikeTests {
    @Test(
        "odd fractions are exact",
        arguments: [
            ("24750", 247_500_000), ("112.9", 1_129_000), ("0.1", 1_000), ("97.35", 973_500), ("1.0000", 10_000),
            ("5.12500000", 51_250),
        ])
    func exact(text: String, units: Int) throws {
        let strike = try #require(Strike(text))
        #expect(strike.tenThousandths == Int64(units))
        #expect(Strike(strike.price) == strike)
        #expect(Strike(strike.description) == strike)
    }

    @Test("a hundred steps of 0.9 equal the written strike")
    func steps() throws {
        var sum = 100.0
        for _ in 0..<100 { sum += 0.9 }
        #expect(Strike(sum) == Strike("190"))
    }

    @Test(
        "invalid strikes are rejected", arguments: ["", ".5", "5.", "-5", "1e3", "5.00001", "0", "0.0000", "5,5", "५"])
    func refuses(text: String) {
        #expect(Strike(text) == nil)
    }

    @Test("invalid prices are rejected", arguments: [.nan, .infinity, 0, -1, 1e12])
    func refuses(price: Double) {
        #expect(Strike(price) == nil)
    }

    @Test("strikes are written in the shortest form")
    func text() {
        #expect(Strike(24_750.0)?.description == "24750")
        #expect(Strike(112.9)?.description == "112.9")
    }
}
