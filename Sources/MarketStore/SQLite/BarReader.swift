import GRDB
import MarketData

/// Reads the bars of one series.
struct BarReader {
    private static let columns = "time, open, high, low, close, volume, open_interest, final, run"

    let db: Database
    let series: Int64

    func bars(in range: TimeRange, limit: Int) throws -> StoredBars {
        let rows = try RawStatement(
            db,
            sql: """
                SELECT \(BarReader.columns) FROM bar
                WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?
                """)
        rows.bind(range.from.milliseconds, at: 2)
        rows.bind(range.to.milliseconds, at: 3)
        rows.bind(Int64(max(0, limit)), at: 4)
        return try collect(rows, isReversed: false)
    }

    func newestBars(_ count: Int, before: Timestamp?) throws -> StoredBars {
        let rows = try RawStatement(
            db,
            sql: "SELECT \(BarReader.columns) FROM bar WHERE series = ? AND time < ? ORDER BY time DESC LIMIT ?")
        rows.bind((before ?? TimeRange.always.to).milliseconds, at: 2)
        rows.bind(Int64(max(0, count)), at: 3)
        return try collect(rows, isReversed: true)
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

    /// The stored bars from one opening to another, both included, with their runs in column 8; to be reset after use.
    func rows(from first: Timestamp, through last: Timestamp) throws -> RawStatement {
        let rows = try RawStatement(
            db, sql: "SELECT \(BarReader.columns) FROM bar WHERE series = ? AND time BETWEEN ? AND ? ORDER BY time")
        rows.bind(series, at: 1)
        rows.bind(first.milliseconds, at: 2)
        rows.bind(last.milliseconds, at: 3)
        return rows
    }

    /// The bar in the first eight columns of a row.
    static func bar(_ row: RawStatement) -> Bar {
        Bar(
            time: Timestamp(milliseconds: row.integer(0)), open: row.number(1), high: row.number(2),
            low: row.number(3), close: row.number(4), volume: row.numberIfAny(5), openInterest: row.numberIfAny(6),
            isFinal: row.integer(7) != 0)
    }

    private static func bar(_ row: Row) -> Bar {
        Bar(
            time: Timestamp(milliseconds: row[0]), open: row[1], high: row[2], low: row[3], close: row[4],
            volume: row[5], openInterest: row[6], isFinal: row[7])
    }

    private func collect(_ rows: RawStatement, isReversed: Bool) throws -> StoredBars {
        defer { rows.reset() }
        rows.bind(series, at: 1)
        var bars: [Bar] = []
        var runs: [Int64] = []
        while try rows.step() {
            bars.append(BarReader.bar(rows))
            runs.append(rows.integer(8))
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
