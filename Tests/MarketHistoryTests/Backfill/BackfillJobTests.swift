import Logging
import MarketData
import MarketHistory
import MarketStore
import Synchronization
import TestSupport
import Testing

@Suite("Backfill jobs and retention")
struct BackfillJobTests {
    /// 2026-07-01, a Wednesday, and the two weeks of NSE sessions after it.
    private static let from = Timestamp(seconds: 1_782_844_200)
    private static let to = from.advanced(bySeconds: 14 * 86_400)
    private static let now = to.advanced(bySeconds: 86_400)

    private let store: SQLiteMarketStore

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func backfill(_ source: CountingSource, now: Timestamp = Self.now) -> Backfill {
        var limits = Backfill.RequestLimits()
        limits.pageSize = 300
        limits.pause = .zero
        return Backfill(store: store, source: source, calendars: .exchanges, limits: limits, clock: { now })
    }

    private static func orders(to end: Timestamp?) -> [BackfillOrder] {
        [Symbol.nifty, .bankNifty].flatMap { symbol in
            [Interval.fiveMinutes, .oneHour].map { interval in
                BackfillOrder(SeriesKey(symbol: symbol, interval: interval), from: from, to: end)
            }
        }
    }

    @Test("a job records the outcome of each series and resumes where it ended")
    func resumed() async throws {
        let job = try await store.openJob(Self.orders(to: Self.to), now: Self.now)
        let failing = CountingSource(now: Self.now) { request, series in
            guard request.interval != .oneHour else {
                throw MarketDataError(.notEntitled, "no more for you", source: .mock)
            }
            return series
        }
        try await backfill(failing).work(on: job, in: store) { _ in }
        let half = try #require(try await store.job(job.id))
        #expect(half.items.map { $0.result?.state } == [.complete, .failed, .complete, .failed])
        #expect(half.items[1].result?.reason == "not_entitled: no more for you")
        #expect(half.items.map { $0.result?.inserted } == [750, 0, 750, 0])
        #expect(!half.isUnfinished)

        let source = CountingSource(now: Self.now)
        let skipped = Mutex<[Int]>([])
        try await backfill(source).work(on: half, in: store) { event in
            if case .skipped(let item) = event { skipped.withLock { $0.append(item.number) } }
        }
        #expect(skipped.withLock { $0 } == [1, 3])
        #expect(Set(source.requests.map(\.interval)) == [.oneHour])
        #expect(try await store.job(job.id)?.count(.complete) == 4)
    }

    @Test("the same orders resume an interrupted job")
    func interrupted() async throws {
        let orders = Self.orders(to: Self.to)
        let job = try await store.openJob(orders, now: Self.now)
        let source = CountingSource(now: Self.now)
        let backfill = backfill(source)
        let work = Task {
            try await backfill.work(on: job, in: store) { event in
                if case .settled(let item, _) = event, item.number == 2 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await work.value }
        let again = try await store.openJob(orders, now: Self.now)
        #expect(again.id == job.id)
        #expect(again.items.map { $0.result?.state } == [.complete, .complete, nil, nil])
        let requested = source.requests.count
        try await backfill.work(on: again, in: store) { _ in }
        #expect(source.requests.dropFirst(requested).allSatisfy { $0.symbol == .bankNifty })
        #expect(try await store.job(job.id)?.isUnfinished == false)
    }

    @Test("an open-ended order is checked again, and only new bars are requested")
    func growing() async throws {
        let orders = Array(Self.orders(to: nil).prefix(1))
        let job = try await store.openJob(orders, now: Self.to)
        try await backfill(CountingSource(now: Self.to), now: Self.to).work(on: job, in: store) { _ in }
        let kept = try #require(try await store.job(job.id))
        let source = CountingSource(now: Self.now)
        try await backfill(source).work(on: kept, in: store) { _ in }
        // Three stored bars among it, to see whether they still hold.
        #expect(source.ranges.allSatisfy { $0.from >= Self.to.advanced(bySeconds: -86_400) })
        #expect(source.ranges.count == 1)
    }

    @Test("bars that the policy does not keep are neither requested nor missing")
    func withinPolicy() async throws {
        try await store.setRetentionPolicy(RetentionPolicy(seconds: [.fiveMinutes: 8 * 86_400]), now: Self.now)
        let cutoff = Self.now.advanced(bySeconds: -8 * 86_400)
        let source = CountingSource(now: Self.now)
        let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)
        let range = TimeRange(from: Self.from, to: Self.to)
        let outcome = try await backfill(source).complete(key, over: range)
        #expect(outcome.isComplete)
        #expect(outcome.keptSince == cutoff)
        #expect(source.ranges.allSatisfy { $0.from >= cutoff })
        #expect(!source.ranges.isEmpty)
        let survey = try await SeriesSurvey(
            of: key, over: range, in: store, boundaries: SeriesCalendars.exchanges.boundaries(of: key), now: Self.now)
        #expect(survey.missing.isEmpty)
        #expect(survey.spans.first { $0.reason != "closed" }?.reason == "retention")
    }

    @Test("removed bars are not fetched again until the policy keeps them")
    func removed() async throws {
        let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)
        let range = TimeRange(from: Self.from, to: Self.to)
        _ = try await backfill(CountingSource(now: Self.now)).complete(key, over: range)
        try await store.setRetentionPolicy(RetentionPolicy(seconds: [.fiveMinutes: 8 * 86_400]), now: Self.now)
        let removed = try await store.applyRetention(now: Self.now)
        #expect(removed > 0)
        let silent = CountingSource(now: Self.now)
        #expect(try await backfill(silent).complete(key, over: range).requests == 0)
        try await store.setRetentionPolicy(RetentionPolicy(), now: Self.now)
        let again = try await backfill(CountingSource(now: Self.now)).complete(key, over: range)
        #expect(again.written.inserted == removed)
        #expect(again.isComplete)
    }

    @Test("the keeper applies the policy at its start")
    func keeper() async throws {
        let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)
        _ = try await backfill(CountingSource(now: Self.now)).complete(
            key, over: TimeRange(from: Self.from, to: Self.to))
        try await store.setRetentionPolicy(RetentionPolicy(seconds: [.fiveMinutes: 86_400]), now: Self.now)
        let keeper = RetentionKeeper(
            store: store, logger: .quiet,
            clock: { Self.now })
        let running = Task { try await keeper.run() }
        let end = ContinuousClock.now + .seconds(10)
        let cutoff = Self.now.advanced(bySeconds: -86_400)
        while try await store.countBars(of: key, before: cutoff) > 0 {
            try #require(ContinuousClock.now < end, "old bars are still there")
            await Task.yield()
        }
        running.cancel()
        try await running.value
    }
}
