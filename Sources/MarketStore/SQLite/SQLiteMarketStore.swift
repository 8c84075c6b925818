import Foundation
import GRDB
package import MarketData

/// Bars, coverage and open interest in SQLite, on disk or in memory.
///
/// A thin shell: `BarMerge` and `CoverageMap` decide, this one reads what they need and writes what they say, each
/// write in one transaction. On disk it is in WAL mode with `synchronous = NORMAL`: what was acknowledged outlives the
/// process, and readers do not wait for writers.
public struct SQLiteMarketStore: BarStore, OpenInterestStore, ChangeCountingStore {
    let database: any DatabaseWriter
    let contents: StoreContents
    /// Held as long as the store is; `nil` in memory and for readers.
    let lock: FolderLock?
    /// Counts the writes of this process, which are all there are as long as it holds the folder.
    package let changes: ChangeCounter?

    init(
        _ database: any DatabaseWriter, contents: StoreContents, lock: FolderLock? = nil,
        changes: ChangeCounter? = ChangeCounter()
    ) {
        self.database = database
        self.contents = contents
        self.lock = lock
        self.changes = changes
    }

    func read<T: Sendable>(
        _ task: @autoclosure () -> String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do { return try await database.read(body) } catch { throw StoreError(error, doing: task()) }
    }

    func write<T: Sendable>(
        _ task: @autoclosure () -> String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        // Also after a failure: what was committed before it is not known.
        defer { changes?.changed() }
        do { return try await database.write(body) } catch { throw StoreError(error, doing: task()) }
    }
}

/// Whether a store holds real or mock data. The two never share a file, whatever the caller passes.
public enum StoreContents: String, CaseIterable, Sendable {
    /// What real sources said.
    case market
    /// What the mock market made up.
    case simulated

    /// - Throws: `StoreError`: `refused` for what belongs in the other file.
    func admit(_ provenance: Provenance) throws(StoreError) {
        let isSimulated = provenance.mode == .simulated || provenance.source == .mock
        guard isSimulated != (self == .simulated) else { return }
        let kind = isSimulated ? "simulated" : "real"
        throw StoreError(
            .refused, "\(kind) data from \(provenance.source.rawValue) has no place in a \(rawValue) store")
    }
}

extension SQLiteMarketStore {
    /// What a store is opened for.
    public enum Access: Sendable {
        /// Reading and writing; the folder is held against other writers.
        case writing
        /// Reading only, beside a writer or without one. The file must exist.
        case reading
    }

    /// Whether a folder holds a store, of any version and in any state.
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
        } catch { throw StoreError(error, doing: "creating a store in memory") }
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
        try addChecksums(path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        try StoreMigrator.migrator.migrate(pool)
        try pool.write { db in
            try SeriesNames.unify(db)
            // From now on, a file without checksums is damaged.
            if PageChecksums.Header(path: path)?.hasChecksums == true { try setMark(checksumMark, db) }
        }
        return SQLiteMarketStore(pool, contents: contents, lock: lock)
    }

    /// In SQLite's `user_version`: the pages have checksums.
    private static let checksumMark = 1

    private static func setMark(_ mark: Int, _ db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") != mark else { return }
        try db.execute(sql: "PRAGMA user_version = \(mark)")
    }

    /// Puts a copy whose pages have checksums in the place of a file of a former version. Where there is no room for it, or
    /// somebody reads the file, it is done another time.
    private static func addChecksums(_ path: String) throws {
        let copy = path + PageChecksums.copySuffix
        let leftovers = ["", "-journal", "-wal", "-shm"].map { copy + $0 }
        for file in leftovers { try? FileManager.default.removeItem(atPath: file) }
        guard let header = PageChecksums.Header(path: path), !header.hasChecksums else { return }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { db in
                // The log is emptied into the file, which is then all there is to copy.
                let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                guard mode == "delete" else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
                _ = FileManager.default.createFile(
                    atPath: copy, contents: nil, attributes: [.posixPermissions: 0o600])
                PageChecksums.reserve(in: db)
                try db.execute(sql: "VACUUM INTO ?", arguments: [copy])
            }
            try queue.close()
            guard PageChecksums.Header(path: copy)?.hasChecksums == true,
                PageChecksums.damagedPages(path: copy).isEmpty
            else { throw StoreError(.failed, "the copy \(copy) of the store is incomplete; free disk space") }
            try FolderLock.replace(path, by: copy)
        } catch let error as DatabaseError
            where [.SQLITE_FULL, .SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
        {
            for file in leftovers { try? FileManager.default.removeItem(atPath: file) }
        }
    }

    private static func openForReading(_ path: String, _ contents: StoreContents) throws -> SQLiteMarketStore {
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(
                .cannotOpen, "there is no store at \(path) yet; run a backfill, an import or a server to create one")
        }
        let unfinished = StoreError(
            .cannotOpen,
            "the store at \(path) was begun by an older version of Bhav, or is incomplete; run a server, a backfill "
                + "or an import to bring it up to date")
        do {
            guard try inspect(path) else { throw unfinished }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY { throw unfinished }
        var configuration = configuration
        configuration.readonly = true
        let pool = try DatabasePool(path: path, configuration: configuration)
        return SQLiteMarketStore(pool, contents: contents, changes: nil)
    }

    /// Looks at a file without changing it: is it ours, and not from a later version? Returns whether its
    /// schema is whole.
    private static func inspect(_ path: String, readonly: Bool = true) throws -> Bool {
        PageChecksums.register()
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
            let hasChecksums = PageChecksums.Header(path: path)?.hasChecksums
            guard try Int.fetchOne(db, sql: "PRAGMA user_version") != checksumMark || hasChecksums == true else {
                throw StoreError(.corrupt, "\(path) is damaged in its first page; restore a backup, or move it away")
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
        PageChecksums.register()
        configuration.prepareDatabase { db in
            PageChecksums.reserve(in: db)
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
            // KiB for each connection, of which a pool has six; the system caches the file as well.
            try db.execute(sql: "PRAGMA cache_size = -512")
        }
        return configuration
    }
}

extension SQLiteMarketStore {
    /// Copies a snapshot of the store into a new file, while writers continue. The file appears complete or not at
    /// all.
    /// - Throws: `StoreError`: `refused` where the file is there already, `full`, `readOnly`, `cannotOpen`.
    public func backUp(to path: String) async throws(StoreError) {
        let task = "backing up to \(path)"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.refused, "\(task): the file is there already; name a new one")
        }
        let unfinished = path + ".part"
        do {
            try? FileManager.default.removeItem(atPath: unfinished)
            let copy = try DatabaseQueue(path: unfinished)
            try database.backup(to: copy)
            // In one file: a journal beside it would be lost when the file is moved.
            try await copy.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try copy.close()
            try FileManager.default.moveItem(atPath: unfinished, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: unfinished)
            throw StoreError(error, doing: task)
        }
    }
}
