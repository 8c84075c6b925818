import MarketData
import MarketStore
import TestSupport
import Testing

@Suite("coverage")
struct CoverageMapTests {
    private static let states: [CoverageState] =
        [.unknown, .removed] + EmptyReason.allCases.map { .empty($0) } + [.hasData]

    /// The same, moment by moment.
    private struct Model {
        var states = [CoverageState](repeating: .unknown, count: 64)

        mutating func change(_ range: Range<Int>, _ change: (CoverageState) -> CoverageState) {
            for index in range { states[index] = change(states[index]) }
        }
    }

    private func time(_ moment: Int) -> Timestamp { Timestamp(milliseconds: Int64(moment)) }

    private func span(_ range: Range<Int>, _ state: CoverageState) -> CoverageSpan {
        CoverageSpan(TimeRange(from: time(range.lowerBound), to: time(range.upperBound)), state)
    }

    private func randomRange(_ random: inout SeededGenerator) -> Range<Int> {
        let (one, other) = (Int.random(in: 0...64, using: &random), Int.random(in: 0...64, using: &random))
        return min(one, other)..<max(one, other)
    }

    @Test("any sequence of changes equals a model with one state per moment")
    func model() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            var (map, model) = (CoverageMap(), Model())
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let range = randomRange(&random)
                let state = Self.states.randomElement(using: &random) ?? .hasData
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    map.replace(span(range, state))
                    model.change(range) { _ in state }
                case 1:
                    map.remove(span(range, state).range)
                    model.change(range) { _ in .unknown }
                default:
                    map.add(span(range, state))
                    model.change(range) { max($0, state) }
                }
            }
            #expect((0..<64).map { map.state(at: time($0)) } == model.states)
            #expect(isCanonical(map))
            let window = randomRange(&random)
            let unknown = map.unknown(in: span(window, .hasData).range)
            #expect(
                window.allSatisfy { moment in
                    unknown.contains { $0.contains(time(moment)) } == (model.states[moment] == .unknown)
                })
        }
    }

    @Test("the order and the repeats of additions do not matter")
    func order() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<1_000 {
            let spans = (0..<Int.random(in: 1...10, using: &random)).map { _ in
                span(randomRange(&random), Self.states.randomElement(using: &random) ?? .hasData)
            }
            let repeated = (spans + spans.filter { _ in Bool.random(using: &random) }).shuffled(using: &random)
            #expect(CoverageMap(spans) == CoverageMap(repeated))
        }
    }

    @Test("the spans of a range fill it exactly")
    func tiling() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<1_000 {
            let map = CoverageMap((0..<5).map { _ in span(randomRange(&random), .hasData) })
            let window = randomRange(&random)
            var cursor = time(window.lowerBound)
            for part in map.spans(in: span(window, .hasData).range) {
                #expect(part.range.from == cursor)
                #expect(part.range.from < part.range.to)
                cursor = part.range.to
            }
            #expect(cursor == time(window.upperBound))
        }
    }

    @Test("touching spans are merged, also over all of time")
    func touching() {
        var map = CoverageMap([span(0..<5, .hasData), span(10..<20, .hasData), span(5..<10, .hasData)])
        #expect(map.spans == [span(0..<20, .hasData)])
        map.add(CoverageSpan(.always, .empty(.beforeHistory)))
        #expect(map.spans.count == 3)
        #expect(map.unknown(in: .always).isEmpty)
        map.remove(.always)
        #expect(map == CoverageMap())
    }

    @Test("data takes precedence over known empty, and known empty over removed")
    func precedence() {
        #expect(Self.states == Self.states.sorted())
        #expect(
            Self.states.map(\.description) == [
                "missing", "retention", "no_trades", "before_history", "never_traded", "had",
            ])
    }

    private func isCanonical(_ map: CoverageMap) -> Bool {
        map.spans.allSatisfy { $0.range.from < $0.range.to && $0.state != .unknown }
            && zip(map.spans, map.spans.dropFirst()).allSatisfy { left, right in
                left.range.to < right.range.from || (left.range.to == right.range.from && left.state != right.state)
            }
    }
}

@Suite("fetch plans")
struct FetchPlanTests {
    private func plan(
        _ range: TimeRange, _ coverage: CoverageMap, _ openings: [Timestamp], pageSize: Int,
        boundaries: BarBoundaries? = Moments.boundaries
    ) -> FetchPlan {
        let survey = SeriesSurvey(
            of: Moments.key, over: range, coverage: coverage, openings: openings, boundaries: boundaries,
            now: Moments.time(30 * 1_440))
        return survey.plan(pageSize: pageSize)
    }

    @Test("an unknown day is requested in pages that do not break at night")
    func pages() {
        let range = Moments.range(0..<2 * 1_440)
        let plan = plan(range, CoverageMap(), [], pageSize: 500)
        #expect(plan.pages.map(\.bars) == [500, 250])
        #expect(plan.pages.first?.range == TimeRange(from: Moments.time(0), to: Moments.time(1_440 + 125)))
    }

    @Test("a complete range needs no request")
    func nothing() {
        let range = Moments.range(0..<1_440)
        let response = Moments.response(range)
        let plan = plan(range, response.coverage, response.bars.map(\.time), pageSize: 500)
        #expect(plan.pages.isEmpty)
    }

    @Test("exactly the missing bars are requested, however the gaps lie")
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
            let coverage = CoverageMap([CoverageSpan(range, .hasData)])
            let plan = plan(range, coverage, stored.sorted(), pageSize: size)
            let requested = plan.pages.flatMap { page in all.filter { page.range.contains($0) } }
            #expect(requested == all.filter { !stored.contains($0) })
            #expect(plan.pages.allSatisfy { (1...size).contains($0.bars) })
            #expect(plan.bars == requested.count)
        }
    }

    @Test("without a calendar, only unknown spans are requested")
    func withoutCalendar() {
        let coverage = CoverageMap([CoverageSpan(Moments.range(100..<130), .hasData)])
        let plan = plan(Moments.range(0..<300), coverage, [], pageSize: 90, boundaries: nil)
        let ranges = [0..<90, 90..<100, 130..<220, 220..<300].map { Moments.range($0) }
        #expect(plan.pages.map(\.range) == ranges)
        #expect(plan.pages.map(\.bars) == [90, 10, 90, 80])
    }

    @Test("time without trading is requested once, with its neighbours")
    func closed() {
        // Friday and Monday are stored; the weekend between was never requested.
        let range = Moments.range(day: 2, 0..<3 * 1_440 + 375)
        let openings = ExpectedBars(boundaries: Moments.boundaries, within: range).map(\.from)
        let friday = Moments.range(day: 2, 0..<375)
        let monday = Moments.range(day: 5, 0..<375)
        let plan = plan(range, CoverageMap(), openings, pageSize: 500)
        #expect(plan.pages.map(\.range) == [TimeRange(from: friday.to, to: monday.from)])
        #expect(plan.bars == 0)
    }

    @Test("the range of the newest bars ends with the last one that is over")
    func newest() {
        let now = Moments.opening.advanced(bySeconds: 1_440 * 60 + 150)
        let range = Moments.boundaries.range(ofNewest: 5, at: now)
        #expect(range == TimeRange(from: Moments.time(372), to: Moments.time(1_442)))
    }
}
