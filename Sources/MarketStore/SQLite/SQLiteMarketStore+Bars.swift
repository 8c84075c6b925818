import GRDB
public import MarketData

extension SQLiteMarketStore {
    @discardableResult
    public func admit(_ run: BarRun, if condition: Admission.Condition) async throws(StoreError) -> Admission {
        try contents.admit(run.provenance)
        try run.validate()
        return try await write("writing \(run.bars.count) bars of \(run.key)") { db in
            try SeriesWriter.admit(run, if: condition, db)
        }
    }

    public func verdict(
        on run: BarRun, if condition: Admission.Condition
    ) async throws(StoreError) -> Admission.Verdict {
        try await read("comparing bars of \(run.key)") { db in
            let current = try SeriesTable.current(of: run.key, db) ?? SeriesTable.Generation(id: -1, number: 0)
            let bars = try TradingDays.joined(BarMerge.ordered(run.bars), of: run, in: current, isWriting: false, db)
            return try SurroundingsReader(db: db, series: current)
                .surroundings(of: run, bars: bars, if: condition).verdict(on: run, if: condition)
        }
    }

    public func generation(of key: SeriesKey) async throws(StoreError) -> Int {
        try await read("reading the generation of \(key)") { db in try SeriesTable.current(of: key, db)?.number ?? 0 }
    }

    public func bars(
        of key: SeriesKey, in range: TimeRange, limit: Int
    ) async throws(StoreError) -> StoredBars {
        try await read("reading bars of \(key)") { db in
            guard let series = try SeriesTable.current(of: key, db) else { return .none }
            return try BarReader(db: db, series: series.id).bars(in: range, limit: limit)
        }
    }

    public func formerBars(
        of key: SeriesKey, in range: TimeRange, limit: Int
    ) async throws(StoreError) -> StoredBars {
        try await read("reading former bars of \(key)") { db in
            try SeriesTable.generations(of: key, db).dropFirst().reduce(into: .none) { found, former in
                let more = try BarReader(db: db, series: former.id).bars(in: range, limit: limit)
                found = found.merged(with: more, limit: limit)
            }
        }
    }

    public func newestBars(
        of key: SeriesKey, count: Int, before: Timestamp?
    ) async throws(StoreError) -> StoredBars {
        try await read("reading the newest bars of \(key)") { db in
            guard let series = try SeriesTable.current(of: key, db) else { return .none }
            return try BarReader(db: db, series: series.id).newestBars(count, before: before)
        }
    }

    public func openings(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [Timestamp] {
        try await read("reading openings of \(key)") { db in
            guard let series = try SeriesTable.current(of: key, db) else { return [] }
            return try BarReader(db: db, series: series.id).openings(in: range)
        }
    }

    public func coverage(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> CoverageMap {
        try await read("reading the coverage of \(key)") { db in
            guard let series = try SeriesTable.current(of: key, db) else { return CoverageMap() }
            return try CoverageTable(db: db, series: series.id).map(in: range)
        }
    }

    public func revisions(of key: SeriesKey, in range: TimeRange) async throws(StoreError) -> [BarRevision] {
        try await read("reading revisions of \(key)") { db in
            guard let series = try SeriesTable.current(of: key, db) else { return [] }
            return try BarReader(db: db, series: series.id).revisions(in: range)
        }
    }

    public func series() async throws(StoreError) -> [SeriesSummary] {
        try await read("listing the series") { db in try SeriesTable.summaries(db) }
    }
}

/// Writes a run into one generation of a series, with its coverage.
struct SeriesWriter {
    let db: Database
    let series: SeriesTable.Generation

    /// Decides where a run belongs, and writes it there.
    static func admit(_ run: BarRun, if condition: Admission.Condition, _ db: Database) throws -> Admission {
        let current = try SeriesTable.makeCurrent(of: run.key, db)
        let bars = try TradingDays.joined(BarMerge.ordered(run.bars), of: run, in: current, db)
        let verdict = try SurroundingsReader(db: db, series: current)
            .surroundings(of: run, bars: bars, if: condition).verdict(on: run, if: condition)
        switch verdict {
        case .needsOverlap: return Admission(verdict)
        case .appended: return Admission(verdict, written: try SeriesWriter(db, current).write(run, bars))
        case .newGeneration:
            let next = try SeriesTable.makeNext(after: current, db)
            return Admission(verdict, written: try SeriesWriter(db, next).write(run, bars))
        }
    }

    init(_ db: Database, _ series: SeriesTable.Generation) {
        self.db = db
        self.series = series
    }

    func write(_ run: BarRun, _ bars: [Bar]) throws -> WriteOutcome {
        var writer = BarWriter(db: db, series: series.id, provenance: run.provenance)
        let outcome = try writer.write(bars)
        try CoverageTable(db: db, series: series.id).add(run.coverage)
        if series.number > 0, let first = bars.first?.time, let last = bars.last?.time {
            for former in try SeriesTable.generations(of: run.key, db).dropFirst() {
                try BarRemoval.remove(from: former, where: series, hasBarsFrom: first, through: last, db)
            }
        }
        return outcome
    }
}

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
                try CoverageTable(db: db, series: id).forgetRemoved(since: cutoff)
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

    /// Takes the oldest first, a bounded number in one transaction, so that other writers are not blocked.
    @discardableResult
    public func removeBars(of key: SeriesKey, before: Timestamp) async throws(StoreError) -> Int {
        var removed = 0
        while true {
            let batch = try await write("removing old bars of \(key)") { db -> (bars: Int, isLast: Bool) in
                var (bars, isLast) = (0, true)
                for (index, series) in try SeriesTable.generations(of: key, db).enumerated() {
                    let next = try BarRemoval.boundary(series: series.id, before: before, db)
                    // Of a former generation no coverage counts.
                    if index == 0 { try CoverageTable(db: db, series: series.id).markRemoved(before: next ?? before) }
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
