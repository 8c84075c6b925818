import GRDB
import MarketData

/// Who answers, and how; each once.
enum OriginTable {
    static func makeID(of origin: OriginName, _ db: Database) throws -> Int64 {
        let arguments: StatementArguments = [
            origin.source.rawValue, origin.mode.rawValue, origin.feed, origin.delaySeconds,
        ]
        let statement = try db.cachedStatement(
            sql: """
                SELECT id FROM origin WHERE source = ? AND mode = ?
                AND ifnull(feed, '') = ifnull(?, '') AND ifnull(delay_seconds, -1) = ifnull(?, -1)
                """)
        if let id = try Int64.fetchOne(statement, arguments: arguments) { return id }
        try db.execute(
            sql: "INSERT INTO origin (source, mode, feed, delay_seconds) VALUES (?, ?, ?, ?)", arguments: arguments)
        return db.lastInsertedRowID
    }

    /// Reads `source, feed, mode, delay_seconds` from a column on.
    static func name(_ row: Row, from column: Int) throws -> OriginName {
        guard let source = Provenance.Source(rawValue: row[column]),
            let mode = Provenance.Mode(rawValue: row[column + 2])
        else { throw StoreError(.corrupt, "the origin \(row) cannot be read; run the store's check") }
        return OriginName(source: source, feed: row[column + 1], mode: mode, delaySeconds: row[column + 3])
    }
}
