import GRDB
public import MarketData

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
