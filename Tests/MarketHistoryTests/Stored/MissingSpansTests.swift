import MarketData
import Testing

@testable import MarketHistory

@Suite("What to ask a source for")
struct MissingSpansTests {
    private func span(_ from: Int64, _ to: Int64) -> TimeRange {
        TimeRange(from: Timestamp(seconds: from), to: Timestamp(seconds: to))
    }

    @Test("few holes are asked for one by one")
    func few() {
        let holes = [span(0, 10), span(20, 30), span(90, 100)]
        #expect(MissingSpans.joined(holes, most: 3) == holes)
    }

    @Test("of many holes the nearest neighbours are asked for as one, and none is left out")
    func many() {
        let holes = [span(0, 10), span(20, 30), span(90, 100), span(105, 110), span(500, 510)]
        #expect(MissingSpans.joined(holes, most: 3) == [span(0, 30), span(90, 110), span(500, 510)])
        #expect(MissingSpans.joined(holes, most: 1) == [span(0, 510)])
    }
}
