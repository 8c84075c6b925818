import GRDB
import MarketData

/// Takes old bars out of a series.
enum BarRemoval {
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
