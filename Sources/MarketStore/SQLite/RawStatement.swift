import GRDB
import GRDBSQLite

/// A statement driven through SQLite's own calls, for the two loops that see every bar: GRDB's arguments and rows take
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
