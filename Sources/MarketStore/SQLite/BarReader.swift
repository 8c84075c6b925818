import GRDB
import MarketData

/// Reads the bars of one series.
struct BarReader {
    private static let columns = "time, open, high, low, close, volume, open_interest, final, run"

    let db: Database
    let series: Int64

    func bars(in range: TimeRange, limit: Int) throws -> StoredBars {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(BarReader.columns) FROM bar
                WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?
                """)
        return try collect(
            Row.fetchCursor(
                statement,
                arguments: [series, range.from.milliseconds, range.to.milliseconds, max(0, limit)]),
            isReversed: false)
    }

    func newestBars(_ count: Int, before: Timestamp?) throws -> StoredBars {
        let statement = try db.cachedStatement(
            sql: "SELECT \(BarReader.columns) FROM bar WHERE series = ? AND time < ? ORDER BY time DESC LIMIT ?")
        let end = before ?? TimeRange.always.to
        return try collect(
            Row.fetchCursor(statement, arguments: [series, end.milliseconds, max(0, count)]), isReversed: true)
    }

    func openings(in range: TimeRange) throws -> [Timestamp] {
        let statement = try db.cachedStatement(
            sql: "SELECT time FROM bar WHERE series = ? AND time >= ? AND time < ? AND final ORDER BY time")
        let arguments: StatementArguments = [series, range.from.milliseconds, range.to.milliseconds]
        return try Int64.fetchAll(statement, arguments: arguments).map(Timestamp.init(milliseconds:))
    }

    func revisions(in range: TimeRange) throws -> [BarRevision] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT time, open, high, low, close, volume, open_interest, 1, as_of, source, feed, mode, delay_seconds
                FROM revision JOIN origin ON origin.id = revision.origin
                WHERE series = ? AND time >= ? AND time < ? ORDER BY time, as_of, source, feed, mode
                """)
        let arguments: StatementArguments = [series, range.from.milliseconds, range.to.milliseconds]
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            let origin = try OriginTable.name(row, from: 9)
            return BarRevision(
                former: BarReader.bar(row), provenance: origin.provenance(asOf: Timestamp(milliseconds: row[8])))
        }
    }

    /// The stored bars from one opening to another, both included.
    func cursor(from first: Timestamp, through last: Timestamp) throws -> RowCursor {
        let statement = try db.cachedStatement(
            sql: "SELECT \(BarReader.columns) FROM bar WHERE series = ? AND time BETWEEN ? AND ? ORDER BY time")
        return try Row.fetchCursor(statement, arguments: [series, first.milliseconds, last.milliseconds])
    }

    /// The bar in the first eight columns of a row.
    static func bar(_ row: Row) -> Bar {
        Bar(
            time: Timestamp(milliseconds: row[0]), open: row[1], high: row[2], low: row[3], close: row[4],
            volume: row[5], openInterest: row[6], isFinal: row[7])
    }

    private func collect(_ rows: RowCursor, isReversed: Bool) throws -> StoredBars {
        var bars: [Bar] = []
        var runs: [Int64] = []
        while let row = try rows.next() {
            bars.append(BarReader.bar(row))
            runs.append(row[8])
        }
        if isReversed {
            bars.reverse()
            runs.reverse()
        }
        return StoredBars(bars: bars, stretches: try stretches(runs))
    }

    private func stretches(_ runs: [Int64]) throws -> [StoredBars.Stretch] {
        var table = RunTable(db: db)
        var stretches: [StoredBars.Stretch] = []
        var start = 0
        while start < runs.count {
            let end = runs[start...].firstIndex { $0 != runs[start] } ?? runs.count
            let answer = try table.answer(of: runs[start])
            stretches.append(
                .init(indices: start..<end, provenance: answer.origin.provenance(asOf: answer.asOf)))
            start = end
        }
        return stretches
    }
}
