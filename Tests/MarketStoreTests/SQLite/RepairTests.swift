import GRDB
import MarketData
import Testing

@testable import MarketStore

@Suite("gaps in the middle")
struct RepairTests {
    @Test("bars deleted outside the store are reported by the check and fetched again")
    func repair() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let range = Moments.range(0..<2 * 1_440)
        try await store.write(Moments.response(range))
        let gap = Moments.range(200..<207)
        try await store.database.write { db in
            try db.execute(
                sql: "DELETE FROM bar WHERE time >= ? AND time < ?",
                arguments: [gap.from.milliseconds, gap.to.milliseconds])
        }
        #expect(try await store.check().count == 1)
        let survey = try await SeriesSurvey(
            of: Moments.key, over: range, in: store, boundaries: Moments.boundaries, now: Moments.time(20 * 1_440))
        let plan = survey.plan(pageSize: 5)
        #expect(plan.pages.map(\.range) == [Moments.range(200..<205), Moments.range(205..<207)])
        for page in plan.pages { try await store.write(Moments.response(page.range, age: 60)) }
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Moments.bars(range))
    }

    @Test("the schema refuses invalid rows")
    func schema() async throws {
        let store = try SQLiteMarketStore.inMemory()
        try await store.write(Moments.response(Moments.range(0..<2)))
        let bad = [
            "INSERT INTO bar VALUES (1, 5, 1, 9e999, 1, 1, NULL, NULL, 1, 1)",
            "INSERT INTO bar VALUES (1, 5, 1, 2, 1, 1, NULL, NULL, 1, 2)",
            "INSERT INTO bar VALUES (1, 'noon', 1, 2, 1, 1, NULL, NULL, 1, 1)",
            "INSERT INTO bar VALUES (1, 5, 1, 2, 1, NULL, NULL, NULL, 1, 1)",
            "INSERT INTO coverage VALUES (1, 5, 5, 'had')",
            "INSERT INTO coverage VALUES (1, 5, 6, 'perhaps')",
            "INSERT INTO coverage VALUES (1, 5, 6, 'outdated')",
            "INSERT INTO coverage VALUES (99, 5, 6, 'had')",
            "INSERT INTO series VALUES (7, 'NIFTY', '1m', 'regular', 'splits', 0, 0)",
            "INSERT INTO series VALUES (7, 'NSE:NIFTY', '1m', 'regular', 'splits', 0, 0)",
        ]
        for sql in bad {
            await #expect(throws: DatabaseError.self, "\(sql)") {
                try await store.database.write { db in try db.execute(sql: sql) }
            }
        }
    }

    @Test("simulated and real data cannot enter the same store")
    func contents() async throws {
        var simulated = Moments.provenance(.mock)
        simulated.mode = .simulated
        let invented = BarRun(key: Moments.key, bars: [Moments.bar(Moments.time(0))], provenance: simulated)
        let market = try SQLiteMarketStore.inMemory()
        await #expect(throws: StoreError.self) { try await market.write(invented) }
        let mock = try SQLiteMarketStore.inMemory(contents: .simulated)
        try await mock.write(invented)
        await #expect(throws: StoreError.self) { try await mock.write(Moments.response(Moments.range(0..<1))) }
    }
}

@Suite("Removing many bars")
struct RetentionBatchTests {
    private static let key = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "NIFTY"), interval: .oneMinute)
    private static let other = SeriesKey(symbol: Symbol(exchange: "NSE", ticker: "TCS"), interval: .oneMinute)
    private static let count = 90_000

    private func run(_ key: SeriesKey, _ minutes: Range<Int>) -> BarRun {
        let bars = minutes.map { minute in
            Bar(
                time: Timestamp(seconds: Int64(minute) * 60), open: 1, high: 2, low: 1, close: 2, volume: nil,
                isFinal: true)
        }
        let provenance = Provenance(
            source: .tradingview, feed: nil, mode: .streaming, delaySeconds: 0,
            asOf: Timestamp(seconds: Int64(Self.count) * 60))
        let range = TimeRange(
            from: Timestamp(seconds: Int64(minutes.lowerBound) * 60),
            to: Timestamp(seconds: Int64(minutes.upperBound) * 60))
        return BarRun(
            key: key, bars: bars, provenance: provenance, coverage: CoverageMap([CoverageSpan(range, .hasData)]))
    }

    private func counts(_ store: SQLiteMarketStore) async throws -> [SeriesKey: Int] {
        Dictionary(uniqueKeysWithValues: try await store.series().map { ($0.key, $0.bars) })
    }

    @Test("other writers can write during a removal, and coverage stays correct")
    func turns() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(run(Self.key, 0..<Self.count))
        let end = Timestamp(seconds: Int64(Self.count) * 60)
        let removal = Task { try await store.removeBars(of: Self.key, before: end) }
        var seen: [Int] = []
        var written = 0
        while seen.last != 0 {
            try await store.write(run(Self.other, written..<(written + 1)))
            written += 1
            seen.append(try await counts(store)[Self.key] ?? 0)
        }
        #expect(try await removal.value == Self.count)
        #expect(seen.contains { 0 < $0 && $0 < Self.count }, "a writer waited until all was gone: \(seen)")
        #expect(try await counts(store)[Self.other] == written)
        let coverage = try await store.coverage(of: Self.key)
        #expect(coverage.spans.map(\.state) == [.removed])
        #expect(try await store.check().isEmpty)
    }

    @Test("an interrupted removal leaves no bar without coverage and is continued")
    func cancelled() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMarketStore.open(folder: folder.path)
        try await store.write(run(Self.key, 0..<Self.count))
        let end = Timestamp(seconds: Int64(Self.count) * 60)
        let removal = Task { try await store.removeBars(of: Self.key, before: end) }
        while try await counts(store)[Self.key] == Self.count { await Task.yield() }
        removal.cancel()
        _ = try? await removal.value
        let left = try await store.bars(of: Self.key, in: .always).bars
        let coverage = try await store.coverage(of: Self.key)
        if let first = left.first {
            #expect(coverage.state(at: first.time) == .hasData)
            #expect(coverage.state(at: first.time.advanced(bySeconds: -60)) == .removed)
        }
        #expect(try await store.check().isEmpty)
        #expect(try await store.removeBars(of: Self.key, before: end) == left.count)
    }
}
