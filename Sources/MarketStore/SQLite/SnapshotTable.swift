import GRDB
import MarketData

/// Snapshots of open interest, by chain and stamp.
struct SnapshotTable {
    let db: Database

    func append(_ snapshot: OpenInterestSnapshot) throws -> AppendOutcome {
        let source = snapshot.provenance.source
        let stamp = snapshot.provenance.asOf
        let range = TimeRange(from: stamp, to: Timestamp(milliseconds: stamp.milliseconds &+ 1))
        let known = try all(of: snapshot.symbol, expiry: snapshot.expiry, in: range, from: source, limit: 1)
        if let known = known.first { return known == snapshot ? .known : .differs }
        let chain = try makeChain(snapshot)
        let origin = try OriginTable.makeID(of: OriginName(snapshot.provenance), db)
        try db.execute(
            sql: """
                INSERT INTO snapshot (chain, as_of, origin, unit, lot_size, spot, listed_strikes)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                chain, stamp.milliseconds, origin, snapshot.unit.rawValue, snapshot.lotSize, snapshot.spot,
                snapshot.listedStrikes,
            ])
        try StrikeTable(db: db).insert(snapshot.strikes, snapshot: db.lastInsertedRowID)
        return .stored
    }

    func latest(
        of symbol: Symbol, expiry: CalendarDate, at time: Timestamp, from source: Provenance.Source?
    ) throws -> OpenInterestSnapshot? {
        let rows = try Row.fetchAll(
            db, sql: SnapshotTable.query("as_of <= ?4", order: "as_of DESC, chain.source LIMIT 1"),
            arguments: [symbol.description, expiry.daysSinceEpoch, source?.rawValue, time.milliseconds])
        return try rows.first.map { try snapshot($0, symbol, expiry) }
    }

    func all(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange, from source: Provenance.Source?, limit: Int
    ) throws -> [OpenInterestSnapshot] {
        let rows = try Row.fetchAll(
            db, sql: SnapshotTable.query("as_of >= ?4 AND as_of < ?5", order: "as_of, chain.source LIMIT ?6"),
            arguments: [
                symbol.description, expiry.daysSinceEpoch, source?.rawValue, range.from.milliseconds,
                range.to.milliseconds, max(0, limit),
            ])
        return try rows.map { try snapshot($0, symbol, expiry) }
    }

    private static func query(_ condition: String, order: String) -> String {
        """
        SELECT snapshot.id, as_of, unit, lot_size, spot, listed_strikes,
            origin.source, origin.feed, origin.mode, origin.delay_seconds
        FROM chain JOIN snapshot ON snapshot.chain = chain.id JOIN origin ON origin.id = snapshot.origin
        WHERE symbol = ?1 AND expiry = ?2 AND (?3 IS NULL OR chain.source = ?3) AND \(condition)
        ORDER BY \(order)
        """
    }

    private func makeChain(_ snapshot: OpenInterestSnapshot) throws -> Int64 {
        let arguments: StatementArguments = [
            snapshot.symbol.description, snapshot.expiry.daysSinceEpoch, snapshot.provenance.source.rawValue,
        ]
        let find = "SELECT id FROM chain WHERE symbol = ? AND expiry = ? AND source = ?"
        if let id = try Int64.fetchOne(db, sql: find, arguments: arguments) { return id }
        try db.execute(sql: "INSERT INTO chain (symbol, expiry, source) VALUES (?, ?, ?)", arguments: arguments)
        return db.lastInsertedRowID
    }

    private func snapshot(_ row: Row, _ symbol: Symbol, _ expiry: CalendarDate) throws -> OpenInterestSnapshot {
        guard let unit = OpenInterestUnit(rawValue: row[2]) else {
            throw StoreError(.corrupt, "the snapshot \(row) cannot be read; run the store's check")
        }
        let origin = try OriginTable.name(row, from: 6)
        return OpenInterestSnapshot(
            symbol: symbol, expiry: expiry, unit: unit, lotSize: row[3], spot: row[4],
            strikes: try StrikeTable(db: db).strikes(of: row[0]), listedStrikes: row[5],
            provenance: origin.provenance(asOf: Timestamp(milliseconds: row[1])))
    }
}
