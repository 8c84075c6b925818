import GRDB

extension SQLiteMarketStore {
    public func check() async throws(StoreError) -> [StoreFault] {
        if let path {
            let damaged = PageChecksums.damagedPages(path: path)
            // The tables of a damaged file cannot be trusted.
            guard damaged.isEmpty else {
                return damaged.map { StoreFault("page \($0) of the file is damaged: its checksum is wrong") }
            }
            if PageChecksums.Header(path: path)?.hasChecksums == false {
                return [
                    StoreFault(
                        "the pages of the file have no checksums yet, so damage may go unseen; make as much room as the "
                            + "file takes, stop other readers, and start the server, a backfill or an import once")
                ]
            }
        }
        return try await read("checking the store") { db in
            var faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(100)").filter { $0 != "ok" }
            guard faults.isEmpty else { return faults.map { StoreFault("SQLite: \($0)") } }
            for (query, sentence) in Self.queries {
                for row in try Row.fetchCursor(db, sql: query + " LIMIT 100").prefixed(100) {
                    faults.append(sentence + ": " + row)
                }
            }
            faults += try TradingDays.faults(db).map { "two bars of one day, week or month: " + $0 }
            return faults.map(StoreFault.init)
        }
    }

    /// The file; `nil` in memory.
    private var path: String? { (database as? DatabasePool)?.path }

    /// Queries that must return no rows, and what a row means.
    private static let queries = [
        ("SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check", "a row names one that is not there"),
        (
            """
            SELECT 'series ' || bar.series || ', run ' || bar.run FROM bar
            LEFT JOIN run ON run.id = bar.run AND run.series = bar.series
            WHERE run.id IS NULL GROUP BY bar.series, bar.run
            """, "bars name a run that is not their series'"
        ),
        (
            """
            SELECT 'run ' || id || ' counts ' || bars || ' and has ' || ifnull(there, 0) FROM run
            LEFT JOIN (SELECT run, count(*) AS there FROM bar GROUP BY run) ON run = id
            WHERE bars <> ifnull(there, 0) OR bars = 0
            """, "bars are lost or doubled"
        ),
        (
            """
            SELECT 'series ' || series || ' at ' || start FROM (
                SELECT series, start, state,
                    lag(stop) OVER before AS reached, lag(state) OVER before AS former
                FROM coverage WINDOW before AS (PARTITION BY series ORDER BY start))
            WHERE reached > start OR (reached = start AND former = state)
            """, "spans of coverage overlap"
        ),
    ]
}

extension RowCursor {
    /// The first column as text, of at most `count` rows.
    fileprivate func prefixed(_ count: Int) throws -> [String] {
        var found: [String] = []
        while found.count < count, let row = try next() { found.append(row[0] ?? "?") }
        return found
    }
}
