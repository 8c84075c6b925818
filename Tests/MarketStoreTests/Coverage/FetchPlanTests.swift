import MarketData
import MarketStore
import TestSupport
import Testing

@Suite("fetch plans")
struct FetchPlanTests {
    private let finder = GapFinder(boundaries: Moments.boundaries, now: Moments.time(30 * 1_440))

    @Test("ask for all of an unknown day, in pages that do not break at night")
    func pages() {
        let range = Moments.range(0..<2 * 1_440)
        let plan = FetchPlan(range: range, coverage: CoverageMap(), openings: [], gaps: finder, pageSize: 500)
        #expect(plan.pages.map(\.bars) == [500, 250])
        #expect(plan.pages.first?.range == TimeRange(from: Moments.time(0), to: Moments.time(1_440 + 125)))
    }

    @Test("ask for nothing where all is there")
    func nothing() {
        let range = Moments.range(0..<1_440)
        let answer = Moments.answer(range)
        let plan = FetchPlan(
            range: range, coverage: answer.coverage, openings: answer.bars.map(\.time), gaps: finder, pageSize: 500)
        #expect(plan.pages.isEmpty)
    }

    @Test("ask for exactly the bars that are missing, however the holes lie")
    func exactly() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<40 {
            let range = Moments.range(0..<Int.random(in: 1...4_000, using: &random))
            let all = ExpectedBars(boundaries: Moments.boundaries, within: range).map(\.from)
            var stored = Set(all)
            for _ in 0..<4 {
                guard let start = all.indices.randomElement(using: &random) else { break }
                for time in all[start...].prefix(Int.random(in: 1...300, using: &random)) { stored.remove(time) }
            }
            let size = Int.random(in: 1...400, using: &random)
            let coverage = CoverageMap([CoverageSpan(range, .had)])
            let plan = FetchPlan(
                range: range, coverage: coverage, openings: stored.sorted(), gaps: finder, pageSize: size)
            let asked = plan.pages.flatMap { page in all.filter { page.range.contains($0) } }
            #expect(asked == all.filter { !stored.contains($0) })
            #expect(plan.pages.allSatisfy { (1...size).contains($0.bars) })
            #expect(plan.bars == asked.count)
        }
    }

    @Test("without a calendar, cover what is missing and no more")
    func withoutCalendar() {
        let coverage = CoverageMap([CoverageSpan(Moments.range(100..<130), .had)])
        let plan = FetchPlan(range: Moments.range(0..<300), coverage: coverage, interval: .oneMinute, pageSize: 90)
        let ranges = [0..<90, 90..<100, 130..<220, 220..<300].map { Moments.range($0) }
        #expect(plan.pages.map(\.range) == ranges)
        #expect(plan.pages.map(\.bars) == [90, 10, 90, 80])
    }

    @Test("the range of the newest bars ends with the last one that is over")
    func newest() {
        let now = Moments.opening.advanced(bySeconds: 1_440 * 60 + 150)
        let range = FetchPlan.range(ofNewest: 5, boundaries: Moments.boundaries, now: now)
        #expect(range == TimeRange(from: Moments.time(372), to: Moments.time(1_442)))
    }
}
