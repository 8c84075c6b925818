import GRDB

/// Why a store operation failed. The data on disk is as it was before the call.
public struct StoreError: Error, Hashable, Sendable {
    /// The kinds of failure.
    public enum Code: String, CaseIterable, Sendable {
        /// The disk, or the space given to the database, is full.
        case full
        /// The folder or the file may not be written.
        case readOnly
        /// The file was written by a newer version.
        case newerVersion
        /// The file is damaged, or is not a Bhav store.
        case corrupt
        /// Another process holds the folder.
        case inUse
        /// Another connection held the database for too long.
        case busy
        /// There is no store here, or it cannot be opened.
        case cannotOpen
        /// The data cannot be kept: a value that is not a number, simulated bars for a real store.
        case refused
        /// Anything else.
        case failed
    }

    /// The kind of failure.
    public let code: Code
    /// What was wrong, naming it, and what to do.
    public let message: String

    /// A failure and its description.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension StoreError: CustomStringConvertible {
    /// The code and the message.
    public var description: String { "\(code.rawValue): \(message)" }
}

extension StoreError {
    /// The store error for an error of SQLite or of the file system.
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
        case .SQLITE_IOERR where error.extendedResultCode.rawValue == PageChecksums.damaged:
            self.init(
                .corrupt,
                "\(task): a page of the database has a wrong checksum, so it is damaged; run 'bhav store check', "
                    + "restore a backup, or move the file away")
        case .SQLITE_FULL:
            self.init(.full, "\(task): the disk is full; free disk space and try again. Nothing was changed")
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

/// Something in a store that should not be.
public struct StoreFault: Hashable, Sendable {
    /// What, and where.
    public let message: String

    /// A fault, named.
    public init(_ message: String) { self.message = message }
}
