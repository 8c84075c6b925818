import GRDB
import GRDBSQLite
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

    /// The bars of the series from one run, ascending.
    func bars(ofRun run: Int64) throws -> [Bar] {
        let sql = "SELECT \(BarReader.columns) FROM bar WHERE series = ? AND run = ? ORDER BY time"
        return try Row.fetchAll(db, sql: sql, arguments: [series, run]).map(BarReader.bar)
    }

    func openings(in range: TimeRange) throws -> [Timestamp] {
        let rows = try RawStatement(
            db, sql: "SELECT time FROM bar WHERE series = ? AND time >= ? AND time < ? AND final ORDER BY time")
        defer { rows.reset() }
        rows.bind(series, at: 1)
        rows.bind(range.from.milliseconds, at: 2)
        rows.bind(range.to.milliseconds, at: 3)
        var openings: [Timestamp] = []
        while try rows.step() { openings.append(Timestamp(milliseconds: rows.integer(0))) }
        return openings
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
            let response = try table.response(of: runs[start])
            stretches.append(
                .init(indices: start..<end, provenance: response.origin.provenance(asOf: response.asOf)))
            start = end
        }
        return stretches
    }
}

/// Reads what a series has where a run is to go. Ends at the first bar that came back as it is stored, so that a
/// response that agrees costs one row.
struct SurroundingsReader {
    let db: Database
    let series: SeriesTable.Generation

    /// - Parameter bars: Those of the run, ascending.
    func surroundings(of run: BarRun, bars: [Bar], if condition: Admission.Condition) throws -> RunSurroundings {
        var surroundings = RunSurroundings(generation: series.number)
        guard let first = bars.first?.time, let last = bars.last?.time else { return surroundings }
        try compare(bars, from: first, through: last, isBackAdjusted: run.key.backAdjusted, into: &surroundings)
        guard surroundings.comparison == .unknown, condition.confirmedSince != nil else { return surroundings }
        surroundings.before = try neighbours("time < ?", "DESC", last).reversed()
        surroundings.after = try neighbours("time > ?", "ASC", last)
        return surroundings
    }

    private func compare(
        _ bars: [Bar], from first: Timestamp, through last: Timestamp, isBackAdjusted: Bool,
        into surroundings: inout RunSurroundings
    ) throws {
        var pairs: [(old: Bar, new: Bar)] = []
        var runs: Set<Int64> = []
        let rows = try BarReader(db: db, series: series.id).rows(from: first, through: last)
        defer { rows.reset() }
        var rest = bars[...]
        while pairs.count < PriceComparison.mostPairs, try rows.step() {
            let stored = BarReader.bar(rows)
            while let bar = rest.first, bar.time < stored.time { rest.removeFirst() }
            guard let bar = rest.first, bar.time == stored.time, bar.isFinal, stored.isFinal else { continue }
            pairs.append((stored, bar))
            runs.insert(rows.integer(8))
            if stored.hasPrices(of: bar) { break }
        }
        rows.reset()
        surroundings.comparison = PriceComparison.compare(pairs, isBackAdjusted: isBackAdjusted)
        var table = RunTable(db: db)
        surroundings.comparedAsOf = try runs.map { try table.response(of: $0).asOf }.max()
    }

    private func neighbours(
        _ condition: String, _ order: String, _ time: Timestamp
    ) throws -> [RunSurroundings.Neighbour] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT bar.time, run.as_of FROM bar JOIN run ON run.id = bar.run
                WHERE bar.series = ? AND bar.\(condition) AND bar.final ORDER BY bar.time \(order) LIMIT ?
                """)
        let arguments: StatementArguments = [series.id, time.milliseconds, Admission.overlapBars]
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            RunSurroundings.Neighbour(
                time: Timestamp(milliseconds: row[0]), asOf: Timestamp(milliseconds: row[1]))
        }
    }
}

/// A statement driven through SQLite's own calls, for the loops that see every bar: GRDB's arguments and rows take
/// as long there as SQLite itself. Within a transaction of GRDB, and without observers, that is all they add.
struct RawStatement {
    private let db: Database
    private let statement: Statement
    private let handle: OpaquePointer

    init(_ db: Database, sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        reset()
    }

    /// Makes the statement ready to be bound and run again.
    func reset() { sqlite3_reset(handle) }

    /// Parameters count from 1.
    func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

    func bind(_ value: Double, at index: Int32) { sqlite3_bind_double(handle, index, value) }

    func bind(_ value: Double?, at index: Int32) {
        if let value { bind(value, at: index) } else { sqlite3_bind_null(handle, index) }
    }

    /// Runs to the next row; `false` at the end.
    /// - Throws: `DatabaseError`.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let code = ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection))
            let message = db.lastErrorMessage
            reset()
            throw DatabaseError(resultCode: code, message: message, sql: statement.sql)
        }
    }

    /// Columns count from 0.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func number(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    func numberIfAny(_ column: Int32) -> Double? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : number(column)
    }
}
