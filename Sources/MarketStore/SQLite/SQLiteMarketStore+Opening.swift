import Foundation
import GRDB

extension SQLiteMarketStore {
    /// What a store is opened for.
    public enum Access: Sendable {
        /// Reading and writing; the folder is held against other writers.
        case writing
        /// Reading only, beside a writer or without one. The file must exist.
        case reading
    }

    /// Whether a folder holds a store, of whatever version and in whatever state.
    public static func exists(in folder: String, contents: StoreContents = .market) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(contents.rawValue).sqlite")
    }

    /// Opens the store in a folder, which is made where there is none, and brings its schema up to date.
    ///
    /// The file is `market.sqlite`, or `simulated.sqlite` for the mock market.
    /// - Throws: `StoreError`: `readOnly`, `inUse`, `newerVersion`, `corrupt`, `full`, `cannotOpen`.
    public static func open(
        folder: String, contents: StoreContents = .market, access: Access = .writing
    ) throws(StoreError) -> SQLiteMarketStore {
        let path = "\(folder)/\(contents.rawValue).sqlite"
        do {
            switch access {
            case .reading: return try openForReading(path, contents)
            case .writing: return try openForWriting(path, folder, contents)
            }
        } catch { throw StoreError(error, doing: "opening \(path)") }
    }

    /// A store that is gone with its last reference.
    /// - Throws: `StoreError`.
    public static func inMemory(contents: StoreContents = .market) throws(StoreError) -> SQLiteMarketStore {
        do {
            let queue = try DatabaseQueue(configuration: configuration)
            try StoreMigrator.migrator.migrate(queue)
            return SQLiteMarketStore(queue, contents: contents)
        } catch { throw StoreError(error, doing: "making a store in memory") }
    }

    private static func openForWriting(
        _ path: String, _ folder: String, _ contents: StoreContents
    ) throws -> SQLiteMarketStore {
        try makeFolder(folder)
        let lock = try FolderLock(path: "\(folder)/\(contents.rawValue).lock")
        if FileManager.default.fileExists(atPath: path) {
            do {
                _ = try inspect(path)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
                // A process that ended within a write left a journal that only a writer can roll back.
                _ = try inspect(path, readonly: false)
            }
        } else {
            // For its user only; SQLite gives its journals the permissions of the database.
            _ = FileManager.default.createFile(
                atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try StoreMigrator.migrator.migrate(pool)
        return SQLiteMarketStore(pool, contents: contents, lock: lock)
    }

    private static func openForReading(_ path: String, _ contents: StoreContents) throws -> SQLiteMarketStore {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                .cannotOpen, "there is no store at \(path) yet; a backfill, an import or a server makes one")
        }
        let unfinished = StoreError(
            .cannotOpen,
            "the store at \(path) was begun by an older version of Bhav, or was never finished; whatever writes to it "
                + "brings it up to date: a server, a backfill or an import")
        do {
            guard try inspect(path) else { throw unfinished }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY { throw unfinished }
        var configuration = configuration
        configuration.readonly = true
        let pool = try DatabasePool(path: path, configuration: configuration)
        return SQLiteMarketStore(pool, contents: contents)
    }

    /// Looks at a file without changing it: is it ours, and not from a later version? Returns whether its
    /// schema is whole.
    private static func inspect(_ path: String, readonly: Bool = true) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        return try queue.read { db in
            let mark = try Int32.fetchOne(db, sql: "PRAGMA application_id")
            let tables =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
            // A process that ended before the first migration leaves an empty file, or one with an empty list of them.
            guard tables > 0 else { return false }
            guard mark == StoreMigrator.applicationID else {
                throw StoreError(.corrupt, "\(path) is a database, but no store of Bhav; move it away")
            }
            guard try !StoreMigrator.migrator.hasBeenSuperseded(db) else {
                throw StoreError(.newerVersion, "\(path) was written by a newer version of Bhav; use that version")
            }
            return try StoreMigrator.migrator.hasCompletedMigrations(db)
        }
    }

    private static func makeFolder(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch let error as CocoaError {
            let said = error.localizedDescription
            switch error.code {
            case .fileWriteNoPermission, .fileWriteVolumeReadOnly:
                throw StoreError(.readOnly, "the store's folder \(folder) cannot be made: \(said)")
            case .fileWriteOutOfSpace:
                throw StoreError(.full, "the store's folder \(folder) cannot be made: the disk is full")
            default:
                throw StoreError(.cannotOpen, "the store's folder \(folder) cannot be made: \(said)")
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "bhav"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
        return configuration
    }
}
