import GRDB
public import MarketData

/// A store of instruments as sources reported them, above all their trading hours.
public protocol InstrumentStore: Sendable {
    /// The stored instrument; `nil` if there is none.
    /// - Throws: `StoreError`.
    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument?

    /// Stores an instrument as a source reported it; replaces the former one.
    /// - Throws: `StoreError`.
    func keep(_ instrument: Instrument) async throws(StoreError)
}

extension SQLiteMarketStore: InstrumentStore {
    public func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument? {
        try await read("reading the instrument \(symbol)") { db in try InstrumentTable.instrument(of: symbol, db) }
    }

    public func keep(_ instrument: Instrument) async throws(StoreError) {
        try await write("writing the instrument \(instrument.symbol)") { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO instrument VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    instrument.symbol.description, instrument.description, instrument.type, instrument.currency,
                    instrument.country, instrument.timeZone, instrument.session, instrument.hasVolume,
                    instrument.priceScale.flatMap { $0 > 0 ? $0 : nil },
                    instrument.minimumMove.flatMap { $0 > 0 ? $0 : nil },
                ])
        }
    }
}

/// Instruments as sources reported them.
enum InstrumentTable {
    static func instrument(of symbol: Symbol, _ db: Database) throws -> Instrument? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT description, type, currency, country, time_zone, session, has_volume, price_scale, minimum_move
                FROM instrument WHERE symbol = ?
                """)
        return try Row.fetchOne(statement, arguments: [symbol.description]).map { row in
            Instrument(
                symbol: symbol, description: row[0], type: row[1], currency: row[2], country: row[3],
                timeZone: row[4], session: row[5], hasVolume: row[6], priceScale: row[7], minimumMove: row[8])
        }
    }
}
