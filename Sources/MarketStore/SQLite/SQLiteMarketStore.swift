import GRDB

/// Bars, coverage and open interest in SQLite, on disk or in memory.
///
/// A thin shell: `BarMerge` and `CoverageMap` decide, this one reads what they need and writes what they say, each
/// write in one transaction. On disk it is in WAL mode with `synchronous = NORMAL`: what was acknowledged outlives the
/// process, and readers do not wait for writers.
public struct SQLiteMarketStore: BarStore, OpenInterestStore {
    let database: any DatabaseWriter
    let contents: StoreContents
    /// Held as long as the store is; `nil` in memory and for readers.
    let lock: FolderLock?

    init(_ database: any DatabaseWriter, contents: StoreContents, lock: FolderLock? = nil) {
        self.database = database
        self.contents = contents
        self.lock = lock
    }

    func read<T: Sendable>(
        _ task: @autoclosure () -> String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do { return try await database.read(body) } catch { throw StoreError(error, doing: task()) }
    }

    func write<T: Sendable>(
        _ task: @autoclosure () -> String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        do { return try await database.write(body) } catch { throw StoreError(error, doing: task()) }
    }
}
