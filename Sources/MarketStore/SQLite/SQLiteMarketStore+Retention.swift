import GRDB
public import MarketData

extension SQLiteMarketStore {
    public func retentionPolicy() async throws(StoreError) -> RetentionPolicy {
        try await read("reading the retention policy") { db in
            var policy = RetentionPolicy()
            for row in try Row.fetchAll(db, sql: "SELECT interval, seconds FROM retention") {
                guard let interval = try? Interval(row[0] as String) else {
                    throw StoreError(.corrupt, "the retention rule \(row) cannot be read; run the store's check")
                }
                policy.seconds[interval] = row[1]
            }
            return policy
        }
    }

    public func setRetentionPolicy(_ policy: RetentionPolicy, now: Timestamp) async throws(StoreError) {
        if let bad = policy.seconds.first(where: { $0.value <= 0 }) {
            throw StoreError(.refused, "bars of \(bad.key) cannot be kept for \(bad.value) seconds")
        }
        try await write("keeping the retention policy") { db in
            try db.execute(sql: "DELETE FROM retention")
            for (interval, seconds) in policy.seconds {
                try db.execute(
                    sql: "INSERT INTO retention VALUES (?, ?)", arguments: [interval.description, seconds])
            }
            for (id, key) in try SeriesTable.all(db) {
                let cutoff = policy.cutoff(for: key.interval, now: now) ?? RetentionPolicy.beginning
                try CoverageTable(db: db, series: id).regret(since: cutoff)
            }
        }
    }

    public func countBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int {
        try await read("counting old bars of \(key)") { db in
            try SeriesTable.generations(of: key, db).reduce(0) { count, series in
                count
                    + (try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM bar WHERE series = ? AND time < ?",
                        arguments: [series.id, before.milliseconds]) ?? 0)
            }
        }
    }

    /// Takes the oldest first, a bounded number in one transaction, so that whoever writes meanwhile gets a turn.
    @discardableResult
    public func letGo(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int {
        var removed = 0
        while true {
            let batch = try await write("letting go of old bars of \(key)") { db -> (bars: Int, isLast: Bool) in
                var (bars, isLast) = (0, true)
                for (index, series) in try SeriesTable.generations(of: key, db).enumerated() {
                    let next = try BarRemoval.boundary(series: series.id, before: before, db)
                    // Of a former generation no coverage counts.
                    if index == 0 { try CoverageTable(db: db, series: series.id).letGo(before: next ?? before) }
                    bars += try BarRemoval.remove(series: series.id, before: next ?? before, db)
                    if index > 0 { try SeriesTable.removeIfEmpty(series, db) }
                    isLast = isLast && next == nil
                }
                return (bars, isLast)
            }
            removed += batch.bars
            if batch.isLast { return removed }
        }
    }
}
