import GRDB
import MarketData

/// Takes bars out of a generation of a series.
enum BarRemoval {
    /// How many bars go in one transaction.
    private static let batch = 20_000

    /// The opening of the first bar that stays in this batch though it is to go; `nil` where one batch is enough.
    static func boundary(series: Int64, before: Timestamp, _ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db, sql: "SELECT time FROM bar WHERE series = ? AND time < ? ORDER BY time LIMIT 1 OFFSET ?",
            arguments: [series, before.milliseconds, batch]
        ).map(Timestamp.init(milliseconds:))
    }

    /// Removes the bars before an instant, and their revisions.
    static func remove(series: Int64, before: Timestamp, _ db: Database) throws -> Int {
        let arguments: StatementArguments = [series, before.milliseconds]
        let removed = try remove("series = ? AND time < ?", arguments, db)
        try db.execute(sql: "DELETE FROM revision WHERE series = ? AND time < ?", arguments: arguments)
        return removed
    }

    /// Removes the bars of a former generation that the current one has, so that no time has bars of two.
    static func remove(
        from former: SeriesTable.Generation, where current: SeriesTable.Generation, hasBarsFrom first: Timestamp,
        through last: Timestamp, _ db: Database
    ) throws {
        let span = [first.milliseconds, last.milliseconds]
        let removed = try remove(
            """
            series = ? AND time BETWEEN ? AND ?
            AND time IN (SELECT time FROM bar WHERE series = ? AND time BETWEEN ? AND ?)
            """, StatementArguments([former.id] + span + [current.id] + span), db)
        if removed > 0 { try SeriesTable.removeIfEmpty(former, db) }
    }

    private static func remove(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> Int {
        let counts = try Row.fetchAll(
            db, sql: "SELECT run, count(*) FROM bar WHERE \(condition) GROUP BY run", arguments: arguments)
        try db.execute(sql: "DELETE FROM bar WHERE \(condition)", arguments: arguments)
        let removed = db.changesCount
        let changes = counts.map { (row: Row) -> (Int64, Int) in (row[0], -(row[1] as Int)) }
        try RunTable(db: db).count(Dictionary(uniqueKeysWithValues: changes))
        return removed
    }
}
