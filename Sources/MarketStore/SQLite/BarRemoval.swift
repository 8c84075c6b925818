import GRDB
import MarketData

/// Takes old bars out of a series.
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

    static func remove(series: Int64, before: Timestamp, _ db: Database) throws -> Int {
        let arguments: StatementArguments = [series, before.milliseconds]
        let counts = try Row.fetchAll(
            db, sql: "SELECT run, count(*) FROM bar WHERE series = ? AND time < ? GROUP BY run", arguments: arguments)
        try db.execute(sql: "DELETE FROM bar WHERE series = ? AND time < ?", arguments: arguments)
        let removed = db.changesCount
        try db.execute(sql: "DELETE FROM revision WHERE series = ? AND time < ?", arguments: arguments)
        let changes = counts.map { (row: Row) -> (Int64, Int) in (row[0], -(row[1] as Int)) }
        try RunTable(db: db).count(Dictionary(uniqueKeysWithValues: changes))
        return removed
    }
}
