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
