import GRDB
import MarketData

/// When a recorder watched which chain, and how that went.
struct WatchTable {
    let db: Database

    func note(_ watch: RecordingWatch) throws {
        let chain: [any DatabaseValueConvertible] = [watch.symbol.description, watch.expiry.daysSinceEpoch]
        let last = try Row.fetchOne(
            db, sql: "SELECT id, stop, outcome FROM watch WHERE symbol = ? AND expiry = ? ORDER BY stop DESC LIMIT 1",
            arguments: StatementArguments(chain))
        if let last, last[1] == watch.span.from.milliseconds, last[2] == watch.outcome.rawValue {
            let id: Int64 = last[0]
            try db.execute(
                sql: "UPDATE watch SET stop = ? WHERE id = ?", arguments: [watch.span.to.milliseconds, id])
            return
        }
        let rest: [any DatabaseValueConvertible] = [
            watch.span.from.milliseconds, watch.span.to.milliseconds, watch.outcome.rawValue,
        ]
        try db.execute(
            sql: "INSERT INTO watch (symbol, expiry, start, stop, outcome) VALUES (?, ?, ?, ?, ?)",
            arguments: StatementArguments(chain + rest))
    }

    func all(of symbol: Symbol, expiry: CalendarDate, in range: TimeRange) throws -> [RecordingWatch] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT start, stop, outcome FROM watch
                WHERE symbol = ? AND expiry = ? AND start < ? AND stop > ? ORDER BY start, stop
                """,
            arguments: [
                symbol.description, expiry.daysSinceEpoch, range.to.milliseconds, range.from.milliseconds,
            ])
        return try rows.map { row in
            guard let outcome = RecordingWatch.Outcome(rawValue: row[2]) else {
                throw StoreError(.corrupt, "the watch \(row) cannot be read; run the store's check")
            }
            let span = TimeRange(from: Timestamp(milliseconds: row[0]), to: Timestamp(milliseconds: row[1]))
            return RecordingWatch(symbol: symbol, expiry: expiry, span: span, outcome: outcome)
        }
    }
}
