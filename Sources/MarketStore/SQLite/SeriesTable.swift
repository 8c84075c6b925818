import GRDB
import MarketData

/// The series and their generations; a row is one generation of a series, and the newest is the current one.
enum SeriesTable {
    /// One generation of a series.
    struct Generation {
        let id: Int64
        let number: Int
    }

    private static let columns = ["symbol", "interval", "hours", "adjustment", "back_adjusted"]

    /// Whether a row is of the same series as the row of an outer query.
    private static func isSame(_ table: String) -> String {
        columns.map { "\(table).\($0) = series.\($0)" }.joined(separator: " AND ")
    }

    /// Every generation of a series, the current one first.
    static func generations(of key: SeriesKey, _ db: Database) throws -> [Generation] {
        let condition = columns.map { "\($0) = ?" }.joined(separator: " AND ")
        let statement = try db.cachedStatement(
            sql: "SELECT id, generation FROM series WHERE \(condition) ORDER BY generation DESC")
        return try Row.fetchAll(statement, arguments: arguments(of: key)).map { Generation(id: $0[0], number: $0[1]) }
    }

    static func current(of key: SeriesKey, _ db: Database) throws -> Generation? {
        try generations(of: key, db).first
    }

    /// The current generation, which is made where there is none.
    static func makeCurrent(of key: SeriesKey, _ db: Database) throws -> Generation {
        if let current = try current(of: key, db) { return current }
        try db.execute(
            sql: "INSERT INTO series (symbol, interval, hours, adjustment, back_adjusted) VALUES (?, ?, ?, ?, ?)",
            arguments: arguments(of: key))
        return Generation(id: db.lastInsertedRowID, number: 0)
    }

    /// Makes the next generation of a series. That there is nothing at a time, or that it was removed, does not depend on
    /// the prices: it holds in the new one too.
    static func makeNext(after current: Generation, _ db: Database) throws -> Generation {
        try db.execute(
            sql: """
                INSERT INTO series (symbol, interval, hours, adjustment, back_adjusted, generation)
                SELECT symbol, interval, hours, adjustment, back_adjusted, generation + 1 FROM series WHERE id = ?
                """, arguments: [current.id])
        let next = Generation(id: db.lastInsertedRowID, number: current.number + 1)
        try db.execute(
            sql: """
                INSERT INTO coverage (series, start, stop, state)
                SELECT ?, start, stop, state FROM coverage WHERE series = ? AND state <> ?
                """, arguments: [next.id, current.id, CoverageState.hasData.description])
        return next
    }

    /// Removes a former generation without bars.
    static func removeIfEmpty(_ former: Generation, _ db: Database) throws {
        let isUsed = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM bar WHERE series = ?)", arguments: [former.id])
        guard isUsed == false else { return }
        for table in ["coverage", "revision", "run"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE series = ?", arguments: [former.id])
        }
        try db.execute(sql: "DELETE FROM series WHERE id = ?", arguments: [former.id])
    }

    static func summaries(_ db: Database) throws -> [SeriesSummary] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT symbol, interval, hours, adjustment, back_adjusted,
                    (SELECT total(bars) FROM run WHERE run.series = series.id),
                    (SELECT min(time) FROM bar WHERE bar.series = series.id),
                    (SELECT max(time) FROM bar WHERE bar.series = series.id),
                    (SELECT count(*) FROM revision WHERE revision.series = series.id),
                    (SELECT total(bars) FROM run WHERE run.series IN (
                        SELECT id FROM series AS former WHERE \(isSame("former")) AND former.generation < series.generation))
                FROM series WHERE NOT EXISTS (
                    SELECT 1 FROM series AS newer WHERE \(isSame("newer")) AND newer.generation > series.generation)
                ORDER BY symbol, interval, hours, adjustment, back_adjusted
                """)
        return try rows.map { row in
            SeriesSummary(
                key: try key(row), bars: Int(row[5] as Double), formerBars: Int(row[9] as Double),
                first: (row[6] as Int64?).map(Timestamp.init(milliseconds:)),
                last: (row[7] as Int64?).map(Timestamp.init(milliseconds:)), revisions: row[8])
        }
    }

    /// Every generation of every series.
    static func all(_ db: Database) throws -> [(id: Int64, key: SeriesKey)] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT symbol, interval, hours, adjustment, back_adjusted, id FROM series ORDER BY id")
        return try rows.map { (id: $0[5], key: try key($0)) }
    }

    /// Reads the first five columns.
    static func key(_ row: Row) throws -> SeriesKey {
        guard let symbol = Symbol(verbatim: row[0] as String), let interval = try? Interval(row[1] as String),
            let hours = TradingHours(rawValue: row[2]), let adjustment = Adjustment(rawValue: row[3])
        else { throw StoreError(.corrupt, "the series \(row) cannot be read; run the store's check") }
        return SeriesKey(
            symbol: symbol, interval: interval, hours: hours, adjustment: adjustment, backAdjusted: row[4])
    }

    static func arguments(of key: SeriesKey) -> StatementArguments {
        [
            key.symbol.description, key.interval.description, key.hours.rawValue, key.adjustment.rawValue,
            key.backAdjusted,
        ]
    }
}
