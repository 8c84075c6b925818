import GRDB
import MarketData

/// The series and their numbers.
enum SeriesTable {
    static func id(of key: SeriesKey, _ db: Database) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT id FROM series
                WHERE symbol = ? AND interval = ? AND hours = ? AND adjustment = ? AND back_adjusted = ?
                """)
        return try Int64.fetchOne(statement, arguments: arguments(of: key))
    }

    static func makeID(of key: SeriesKey, _ db: Database) throws -> Int64 {
        if let id = try id(of: key, db) { return id }
        try db.execute(
            sql: "INSERT INTO series (symbol, interval, hours, adjustment, back_adjusted) VALUES (?, ?, ?, ?, ?)",
            arguments: arguments(of: key))
        return db.lastInsertedRowID
    }

    static func summaries(_ db: Database) throws -> [SeriesSummary] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT symbol, interval, hours, adjustment, back_adjusted,
                    (SELECT total(bars) FROM run WHERE run.series = series.id),
                    (SELECT min(time) FROM bar WHERE bar.series = series.id),
                    (SELECT max(time) FROM bar WHERE bar.series = series.id),
                    (SELECT count(*) FROM revision WHERE revision.series = series.id)
                FROM series ORDER BY symbol, interval, hours, adjustment, back_adjusted
                """)
        return try rows.map { row in
            SeriesSummary(
                key: try key(row), bars: Int(row[5] as Double),
                first: (row[6] as Int64?).map(Timestamp.init(milliseconds:)),
                last: (row[7] as Int64?).map(Timestamp.init(milliseconds:)), revisions: row[8])
        }
    }

    /// Every series with its number.
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
