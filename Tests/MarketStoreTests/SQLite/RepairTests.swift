import GRDB
import MarketData
import Testing

@testable import MarketStore

@Suite("holes in the middle")
struct RepairTests {
    @Test("bars taken out behind the store's back are told by its check, found, and alone planned and repaired")
    func repair() async throws {
        let store = try SQLiteMarketStore.inMemory()
        let range = Moments.range(0..<2 * 1_440)
        try await store.write(Moments.answer(range))
        let hole = Moments.range(200..<207)
        try await store.database.write { db in
            try db.execute(
                sql: "DELETE FROM bar WHERE time >= ? AND time < ?",
                arguments: [hole.from.milliseconds, hole.to.milliseconds])
        }
        #expect(try await store.check().count == 1)
        let finder = GapFinder(boundaries: Moments.boundaries, now: Moments.time(20 * 1_440))
        let plan = FetchPlan(
            range: range, coverage: try await store.coverage(of: Moments.key),
            openings: try await store.openings(of: Moments.key, in: range), gaps: finder, pageSize: 5)
        #expect(plan.pages.map(\.range) == [Moments.range(200..<205), Moments.range(205..<207)])
        for page in plan.pages { try await store.write(Moments.answer(page.range, age: 60)) }
        #expect(try await store.bars(of: Moments.key, in: .always).bars == Moments.bars(range))
    }

    @Test("the schema itself refuses what cannot be")
    func schema() async throws {
        let store = try SQLiteMarketStore.inMemory()
        try await store.write(Moments.answer(Moments.range(0..<2)))
        let bad = [
            "INSERT INTO bar VALUES (1, 5, 1, 1, 2, 1, NULL, NULL, 1, 1)",
            "INSERT INTO bar VALUES (1, 5, 1, 2, 1, 1, -1, NULL, 1, 1)",
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

    @Test("simulated data does not enter a store of the market, nor real data a simulated one")
    func contents() async throws {
        var simulated = Moments.provenance(.mock)
        simulated.mode = .simulated
        let invented = BarRun(key: Moments.key, bars: [Moments.bar(Moments.time(0))], provenance: simulated)
        let market = try SQLiteMarketStore.inMemory()
        await #expect(throws: StoreError.self) { try await market.write(invented) }
        let mock = try SQLiteMarketStore.inMemory(contents: .simulated)
        try await mock.write(invented)
        await #expect(throws: StoreError.self) { try await mock.write(Moments.answer(Moments.range(0..<1))) }
    }
}
