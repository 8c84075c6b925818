import MarketData
import Testing

@Suite("Numbers as text")
struct ShortestTests {
    @Test(
        "a number is written in the shortest form that reads back the same",
        arguments: [
            (306.0, "306"), (304.3, "304.3"), (25_000.05, "25000.05"), (-0.05, "-0.05"),
            (0.1 + 0.2, "0.30000000000000004"),
        ])
    func shortest(number: Double, expected: String) {
        #expect(number.shortest == expected)
        #expect(Double(number.shortest) == number)
    }
}
