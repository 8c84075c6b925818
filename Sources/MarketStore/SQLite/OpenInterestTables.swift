import GRDB
public import MarketData

extension SQLiteMarketStore {
    @discardableResult
    public func append(_ snapshot: OpenInterestSnapshot) async throws(StoreError) -> AppendOutcome {
        try contents.admit(snapshot.provenance)
        let task = "writing open interest of \(snapshot.symbol) \(snapshot.expiry)"
        guard Set(snapshot.strikes.map(\.strike)).count == snapshot.strikes.count else {
            throw StoreError(.refused, "\(task): a strike is there twice")
        }
        return try await write(task) { db in try SnapshotTable(db: db).append(snapshot) }
    }

    public func latestSnapshot(
        of symbol: Symbol, expiry: CalendarDate, at time: Timestamp, from source: Provenance.Source?
    ) async throws(StoreError) -> OpenInterestSnapshot? {
        try await read("reading open interest of \(symbol) \(expiry)") { db in
            try SnapshotTable(db: db).latest(of: symbol, expiry: expiry, at: time, from: source)
        }
    }

    public func snapshots(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange, from source: Provenance.Source?, limit: Int
    ) async throws(StoreError) -> [OpenInterestSnapshot] {
        try await read("reading open interest of \(symbol) \(expiry)") { db in
            try SnapshotTable(db: db).all(of: symbol, expiry: expiry, in: range, from: source, limit: limit)
        }
    }

    public func expiries(of symbol: Symbol) async throws(StoreError) -> [CalendarDate] {
        try await read("listing expiries of \(symbol)") { db in
            try Int.fetchAll(
                db, sql: "SELECT DISTINCT expiry FROM chain WHERE symbol = ? ORDER BY expiry",
                arguments: [symbol.description]
            ).map(CalendarDate.init(daysSinceEpoch:))
        }
    }
}

extension SQLiteMarketStore: SnapshotIndexStore {
    public func sourceStamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [SnapshotStamp] {
        try await read("reading the stamps of \(symbol) \(expiry)") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT chain.source, origin.mode, as_of
                    FROM chain JOIN snapshot ON snapshot.chain = chain.id JOIN origin ON origin.id = snapshot.origin
                    WHERE symbol = ? AND expiry = ? AND as_of >= ? AND as_of < ? ORDER BY as_of, chain.source
                    """,
                arguments: [
                    symbol.description, expiry.daysSinceEpoch, range.from.milliseconds, range.to.milliseconds,
                ]
            ).map { row in
                guard let source = Provenance.Source(rawValue: row[0]), let mode = Provenance.Mode(rawValue: row[1])
                else { throw StoreError(.corrupt, "the stamp \(row) cannot be read; run the store's check") }
                return SnapshotStamp(source: source, mode: mode, asOf: Timestamp(milliseconds: row[2]))
            }
        }
    }
}

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

/// The strikes of snapshots, one row each.
struct StrikeTable {
    private static let call = 1
    private static let put = 2

    let db: Database

    func insert(_ strikes: [OptionStrike], snapshot: Int64) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO strike VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for strike in strikes {
            let sides = (strike.call == nil ? 0 : StrikeTable.call) + (strike.put == nil ? 0 : StrikeTable.put)
            let head: [(any DatabaseValueConvertible)?] = [snapshot, strike.strike.tenThousandths, sides]
            let changes: [(any DatabaseValueConvertible)?] = [strike.call?.priceChange, strike.put?.priceChange]
            try statement.execute(
                arguments: StatementArguments(head + columns(strike.call) + columns(strike.put) + changes))
        }
    }

    func strikes(of snapshot: Int64) throws -> [OptionStrike] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM strike WHERE snapshot = ? ORDER BY strike")
        return try Row.fetchAll(statement, arguments: [snapshot]).map { row in
            let sides = row[2] as Int
            return OptionStrike(
                strike: Strike(tenThousandths: row[1]),
                call: sides & StrikeTable.call == 0 ? nil : option(row, from: 3, priceChange: 15),
                put: sides & StrikeTable.put == 0 ? nil : option(row, from: 9, priceChange: 16))
        }
    }

    private func columns(_ option: OptionData?) -> [(any DatabaseValueConvertible)?] {
        [
            option?.openInterest, option?.change, option?.previous, option?.last, option?.volume,
            option?.impliedVolatility,
        ]
    }

    private func option(_ row: Row, from column: Int, priceChange: Int) -> OptionData {
        OptionData(
            openInterest: row[column], change: row[column + 1], previous: row[column + 2], last: row[column + 3],
            volume: row[column + 4], impliedVolatility: row[column + 5], priceChange: row[priceChange])
    }
}

extension SQLiteMarketStore: RecordingStore {
    public func note(_ watch: RecordingWatch) async throws(StoreError) {
        guard watch.span.from <= watch.span.to else {
            throw StoreError(.refused, "a watch of \(watch.symbol) ends before it begins: \(watch.span)")
        }
        try await write("noting a watch of \(watch.symbol)") { db in try WatchTable(db: db).note(watch) }
    }

    public func stamps(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [Timestamp] {
        try await read("reading the stamps of \(symbol)") { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT as_of FROM chain JOIN snapshot ON snapshot.chain = chain.id
                    WHERE symbol = ? AND expiry = ? AND as_of >= ? AND as_of < ? ORDER BY as_of
                    """,
                arguments: [
                    symbol.description, expiry.daysSinceEpoch, range.from.milliseconds, range.to.milliseconds,
                ]
            ).map(Timestamp.init(milliseconds:))
        }
    }

    public func watches(
        of symbol: Symbol, expiry: CalendarDate, in range: TimeRange
    ) async throws(StoreError) -> [RecordingWatch] {
        try await read("reading the watches of \(symbol)") { db in
            try WatchTable(db: db).all(of: symbol, expiry: expiry, in: range)
        }
    }
}

/// The spans in which a recorder watched a chain, with the outcome.
struct WatchTable {
    let db: Database

    func note(_ watch: RecordingWatch) throws {
        let chain: [any DatabaseValueConvertible] = [watch.symbol.description, watch.expiry.daysSinceEpoch]
        let last = try Row.fetchOne(
            db, sql: "SELECT id, stop, outcome FROM watch WHERE symbol = ? AND expiry = ? ORDER BY stop DESC LIMIT 1",
            arguments: StatementArguments(chain))
        if let last, last[1] == watch.span.from.milliseconds, last[2] == watch.outcome.rawValue {
            let id: Int64 = last[0]
            try db.execute(
                sql: "UPDATE watch SET stop = ? WHERE id = ?", arguments: [watch.span.to.milliseconds, id])
            return
        }
        let rest: [any DatabaseValueConvertible] = [
            watch.span.from.milliseconds, watch.span.to.milliseconds, watch.outcome.rawValue,
        ]
        try db.execute(
            sql: "INSERT INTO watch (symbol, expiry, start, stop, outcome) VALUES (?, ?, ?, ?, ?)",
            arguments: StatementArguments(chain + rest))
    }

    func all(of symbol: Symbol, expiry: CalendarDate, in range: TimeRange) throws -> [RecordingWatch] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT start, stop, outcome FROM watch
                WHERE symbol = ? AND expiry = ? AND start < ? AND stop > ? ORDER BY start, stop
                """,
            arguments: [
                symbol.description, expiry.daysSinceEpoch, range.to.milliseconds, range.from.milliseconds,
            ])
        return try rows.map { row in
            guard let outcome = RecordingWatch.Outcome(rawValue: row[2]) else {
                throw StoreError(.corrupt, "the watch \(row) cannot be read; run the store's check")
            }
            let span = TimeRange(from: Timestamp(milliseconds: row[0]), to: Timestamp(milliseconds: row[1]))
            return RecordingWatch(symbol: symbol, expiry: expiry, span: span, outcome: outcome)
        }
    }
}
