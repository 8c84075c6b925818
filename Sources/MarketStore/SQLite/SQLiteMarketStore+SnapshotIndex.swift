import GRDB
public import MarketData

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
