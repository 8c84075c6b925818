import GRDB

extension StoreError {
    /// What an error of SQLite or of its surroundings means to whoever called the store.
    init(_ error: any Error, doing task: String) {
        switch error {
        case let known as StoreError: self = known
        case let database as DatabaseError: self.init(database, doing: task)
        case is CancellationError: self.init(.failed, "\(task): cancelled")
        default: self.init(.failed, "\(task): \(error)")
        }
    }

    private init(_ error: DatabaseError, doing task: String) {
        let said = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.full, "\(task): the disk is full; make room and try again. Nothing was changed")
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_WRITE:
            self.init(.full, "\(task): writing to the disk failed (\(said)); it may be full. Nothing was changed")
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(.readOnly, "\(task): the database may not be written (\(said)); check who owns its folder")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupt, "\(task): the database is damaged (\(said)); restore a backup, or move the file away")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.busy, "\(task): another connection held the database for too long; try again")
        case .SQLITE_CANTOPEN:
            self.init(.cannotOpen, "\(task): the database cannot be opened (\(said))")
        case .SQLITE_CONSTRAINT:
            self.init(.refused, "\(task): the schema refused the data (\(said))")
        default:
            self.init(.failed, "\(task): \(said) (SQLite \(error.extendedResultCode.rawValue))")
        }
    }
}
