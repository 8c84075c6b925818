import Foundation
import GRDB

extension SQLiteMarketStore {
    /// Copies the store as it is at this moment into a new file, while writers go on. The file appears whole or not at
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
