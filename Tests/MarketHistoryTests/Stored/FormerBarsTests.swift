import MarketData
import MarketStore
import Synchronization
import Testing

@testable import MarketHistory

/// A split happened between two requests: bars stored before it must not be served beside new ones.
@Suite("Bars of a former generation")
struct FormerBarsTests: SplitFixture {
    let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    /// A source of after the split, that shows nothing before an instant.
    private func split(showing since: Timestamp = range.from) -> CountingSource {
        CountingSource(now: Self.later) { request, series in
            var series = series
            if case .range(let range) = request.span, range.from < since {
                series.bars.removeAll { $0.time < since }
                series.shortfall = .planLimit
            }
            for index in series.bars.indices {
                series.bars[index].open /= 2
                series.bars[index].high /= 2
                series.bars[index].low /= 2
                series.bars[index].close /= 2
            }
            return series
        }
    }

    private func history(_ source: CountingSource) -> StoredHistory {
        StoredHistory(source, cache: .over(store), clock: { Self.later })
    }

    private func truth(_ range: TimeRange = range) async throws -> [Bar] { try await split().bars(request(range)).bars }

    @Test(
        "a fetch beside old bars finds the change, and all is fetched again", arguments: 0...2)
    func gap(kind: Int) async throws {
        let weeks: [Int64] = [[3, 0, 1], [1, 2, 3], [0, 1, 2]][kind]
        try await store(weeks: weeks)
        let series = try await history(split()).bars(request())
        #expect(series.bars == (try await truth()))
        #expect(series.isComplete)
        let again = split()
        #expect(try await history(again).bars(request()).bars == series.bars)
        #expect(again.requests.isEmpty)
    }

    @Test("bars that the source no longer has are stored and reported, but not served")
    func beyondReach() async throws {
        try await store(weeks: [0, 1, 2])
        let since = week(2).from
        let series = try await history(split(showing: since)).bars(request())
        #expect(series.bars == (try await truth(TimeRange(from: since, to: Self.range.to))))
        #expect(series.shortfall == .planLimit)
        #expect(try await store.series().map { $0.bars + $0.formerBars } == [20 * 75])
        let coverage = try await SeriesCoverage.survey(
            of: Self.key, over: Self.range, in: store, calendars: .exchanges, now: Self.later, onlyMissing: true)
        #expect(coverage.missingBars == 10 * 75)
        #expect(coverage.spans.map(\.reason) == ["outdated"])
        // Requested again, it is the same; once the source shows it, it is there.
        #expect(try await history(split(showing: since)).bars(request()).bars == series.bars)
        let whole = try await history(split()).bars(request())
        #expect(whole.bars == (try await truth()))
        #expect(whole.isComplete)
    }

    @Test("beside another writer only new prices are served, and older bars are a gap")
    func readOnly() async throws {
        try await store(weeks: [0, 1, 2])
        let since = week(2).from
        let reader = StoredHistory(
            split(showing: since), cache: .over(store, isReadOnly: true), clock: { Self.later })
        let series = try await reader.bars(request())
        #expect(series.bars == (try await truth(TimeRange(from: since, to: Self.range.to))))
        #expect(!series.isComplete)
        #expect(try await store.revisions(of: Self.key).isEmpty)
    }

    @Test(
        "slightly different bars of another feed or file stay unchanged",
        arguments: [false, true])
    func otherFeed(isBackfill: Bool) async throws {
        let before = CountingSource(now: Self.evening) { _, series in
            var series = series
            for index in series.bars.indices {
                series.bars[index].open += 0.05
                series.bars[index].high += 0.15
                series.bars[index].close += 0.1
            }
            return series
        }
        let filled = StoredHistory(before, cache: .over(store), clock: { Self.evening })
        for number in [3, 0, 1] as [Int64] { _ = try await filled.bars(request(week(number))) }
        let source = CountingSource(now: Self.later)
        if isBackfill {
            let backfill = Backfill(
                store: store, source: source, calendars: .exchanges, clock: { Self.later })
            let outcome = try await backfill.complete(Self.key, over: Self.range)
            #expect(outcome.isComplete)
            #expect(outcome.rebased == 0)
        } else {
            #expect(try await history(source).bars(request()).isComplete)
        }
        #expect(source.requests.count == 1)
        #expect(try await store.bars(of: Self.key, in: Self.range).bars.count == 20 * 75)
    }

    @Test("distant old bars are compared without fetching all between")
    func far() async throws {
        try await store(weeks: [0])
        let source = CountingSource(now: Self.later)
        _ = try await history(source).bars(request(week(3)))
        #expect(source.barsReturned == 5 * 75 + Admission.overlapBars)
        #expect(try await store.generation(of: Self.key) == 0)
    }

    @Test("distant old bars are not served beside new ones after a split")
    func farSplit() async throws {
        try await store(weeks: [0])
        let series = try await history(split()).bars(request(week(3)))
        #expect(series.bars == (try await truth(week(3))))
        #expect(try await store.generation(of: Self.key) == 1)
        let first = try await history(split()).bars(request(week(0)))
        #expect(first.bars == (try await truth(week(0))))
    }

    @Test("a backfill beside old bars finds the change and fetches its range again", arguments: 0...2)
    func backfill(kind: Int) async throws {
        let weeks: [Int64] = [[3, 0, 1], [1, 2, 3], [0, 1, 2]][kind]
        try await store(weeks: weeks)
        var limits = Backfill.RequestLimits()
        limits.pageSize = 200
        limits.pause = .zero
        let backfill = Backfill(
            store: store, source: split(), calendars: .exchanges, limits: limits, clock: { Self.later })
        let outcome = try await backfill.complete(Self.key, over: Self.range)
        #expect(outcome.isComplete)
        #expect(outcome.rebased == 1)
        #expect(try await store.bars(of: Self.key, in: Self.range).bars == (try await truth()))
        #expect(try await backfill.complete(Self.key, over: Self.range).requests == 0)
    }

    @Test("a backfill beside valid old bars requests an overlap of three on each side")
    func unchanged() async throws {
        try await store(weeks: [3, 0, 1])
        let source = CountingSource(now: Self.later)
        let backfill = Backfill(
            store: store, source: source, calendars: .exchanges, clock: { Self.later })
        let outcome = try await backfill.complete(Self.key, over: Self.range)
        #expect(outcome.isComplete)
        #expect(outcome.rebased == 0)
        #expect(source.barsReturned == 5 * 75 + 2 * Admission.overlapBars)
        #expect(outcome.written.inserted == 5 * 75)
    }
}
