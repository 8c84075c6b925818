import GRDB
public import MarketData

extension SQLiteMarketStore {
    @discardableResult
    public func write(_ run: BarRun) async throws(StoreError) -> WriteOutcome {
        try contents.admit(run.provenance)
        try run.validate()
        return try await write("writing \(run.bars.count) bars of \(run.key)") { db in
            let series = try SeriesTable.makeID(of: run.key, db)
            var writer = BarWriter(db: db, series: series, provenance: run.provenance)
            let bars = BarMerge.ordered(run.bars)
            let outcome = try writer.write(bars)
            try CoverageTable(db: db, series: series).add(run.coverage, bars: bars)
            return outcome
        }
    }

    public func bars(
        of key: SeriesKey, in range: TimeRange, limit: Int
    ) async throws(StoreError) -> StoredBars {
        try await read("reading bars of \(key)") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return .none }
            return try BarReader(db: db, series: series).bars(in: range, limit: limit)
        }
    }

    public func newestBars(
        of key: SeriesKey, count: Int, before: Timestamp?
    ) async throws(StoreError) -> StoredBars {
        try await read("reading the newest bars of \(key)") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return .none }
            return try BarReader(db: db, series: series).newestBars(count, before: before)
        }
    }

    public func openings(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [Timestamp] {
        try await read("reading openings of \(key)") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return [] }
            return try BarReader(db: db, series: series).openings(in: range)
        }
    }

    public func coverage(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> CoverageMap {
        try await read("reading the coverage of \(key)") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return CoverageMap() }
            return try CoverageTable(db: db, series: series).map(in: range)
        }
    }

    public func outdate(_ key: SeriesKey, before: Timestamp) async throws(StoreError) {
        try await write("marking bars of \(key) as outdated") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return }
            try CoverageTable(db: db, series: series).outdate(before: before)
        }
    }

    public func revisions(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [BarRevision] {
        try await read("reading revisions of \(key)") { db in
            guard let series = try SeriesTable.id(of: key, db) else { return [] }
            return try BarReader(db: db, series: series).revisions(in: range)
        }
    }

    public func series() async throws(StoreError) -> [SeriesSummary] {
        try await read("listing the series") { db in try SeriesTable.summaries(db) }
    }
}
