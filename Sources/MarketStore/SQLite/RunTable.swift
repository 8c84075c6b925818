import GRDB
import MarketData

/// The answers that bars came with, and how many bars still name each.
struct RunTable {
    let db: Database
    private var known: [Int64: BarMerge.Answer] = [:]

    init(db: Database) { self.db = db }

    mutating func answer(of run: Int64) throws -> BarMerge.Answer {
        if let answer = known[run] { return answer }
        let statement = try db.cachedStatement(
            sql: """
                SELECT as_of, source, feed, mode, delay_seconds
                FROM run JOIN origin ON origin.id = run.origin WHERE run.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [run]) else {
            throw StoreError(.corrupt, "run \(run), which bars name, is not there; run the store's check")
        }
        let answer = BarMerge.Answer(
            asOf: Timestamp(milliseconds: row[0]), origin: try OriginTable.name(row, from: 1))
        known[run] = answer
        return answer
    }

    mutating func makeID(series: Int64, answer: BarMerge.Answer) throws -> Int64 {
        let origin = try OriginTable.makeID(of: answer.origin, db)
        let arguments: StatementArguments = [series, answer.asOf.milliseconds, origin]
        let find = try db.cachedStatement(sql: "SELECT id FROM run WHERE series = ? AND as_of = ? AND origin = ?")
        var id = try Int64.fetchOne(find, arguments: arguments)
        if id == nil {
            try db.execute(
                sql: "INSERT INTO run (series, as_of, origin, bars) VALUES (?, ?, ?, 0)", arguments: arguments)
            id = db.lastInsertedRowID
        }
        let run = id ?? db.lastInsertedRowID
        known[run] = answer
        return run
    }

    /// Counts bars in and out; a run that no bar names any more goes.
    func count(_ changes: [Int64: Int]) throws {
        for (run, change) in changes {
            if change != 0 {
                try db.cachedStatement(sql: "UPDATE run SET bars = bars + ? WHERE id = ?")
                    .execute(arguments: [change, run])
            }
            try db.cachedStatement(sql: "DELETE FROM run WHERE id = ? AND bars = 0").execute(arguments: [run])
        }
    }
}
