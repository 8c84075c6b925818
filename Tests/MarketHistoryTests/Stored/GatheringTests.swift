import MarketData
import Testing

@testable import MarketHistory

@Suite("What came of asking for missing spans")
struct GatheringTests {
    private func gap(_ from: Int64, _ to: Int64, _ reason: String) -> Gap {
        Gap(range: TimeRange(from: Timestamp(seconds: from), to: Timestamp(seconds: to)), reason: reason)
    }

    @Test("what is missing for one reason is named once, also where it was said twice or overlaps")
    func joined() {
        var gathering = Gathering()
        gathering.add(known: [gap(50, 60, "missing"), gap(0, 10, "missing"), gap(5, 20, "plan_limit")])
        gathering.add(known: [gap(0, 10, "missing"), gap(55, 70, "missing"), gap(70, 80, "missing")])
        #expect(
            gathering.gaps == [
                gap(0, 10, "missing"), gap(5, 20, "plan_limit"), gap(50, 70, "missing"), gap(70, 80, "missing"),
            ])
    }
}
