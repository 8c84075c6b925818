import GRDB

/// Snapshots of open interest. An expiry is days since 1970, a strike is ten-thousandths of the currency.
enum Migration0002 {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: snapshots)
        try db.execute(sql: strikes)
    }

    private static let snapshots = """
        -- The options of one expiry as one source tells of them.
        CREATE TABLE chain (
            id INTEGER PRIMARY KEY,
            symbol TEXT NOT NULL CHECK (symbol LIKE '_%:_%'),
            expiry INTEGER NOT NULL,
            source TEXT NOT NULL CHECK (source <> ''),
            UNIQUE (symbol, expiry, source)
        ) STRICT;

        CREATE TABLE snapshot (
            id INTEGER PRIMARY KEY,
            chain INTEGER NOT NULL REFERENCES chain,
            as_of INTEGER NOT NULL,
            origin INTEGER NOT NULL REFERENCES origin,
            unit TEXT NOT NULL CHECK (unit IN ('shares', 'contracts')),
            lot_size INTEGER,
            spot REAL,
            listed_strikes INTEGER,
            UNIQUE (chain, as_of)
        ) STRICT;
        """

    private static let strikes = """
        -- `sides`: 1 the call is known, 2 the put is, 3 both. A figure that the source did not give is NULL.
        CREATE TABLE strike (
            snapshot INTEGER NOT NULL REFERENCES snapshot ON DELETE CASCADE,
            strike INTEGER NOT NULL,
            sides INTEGER NOT NULL CHECK (sides BETWEEN 0 AND 3),
            call_open_interest REAL,
            call_change REAL,
            call_previous REAL,
            call_last REAL,
            call_volume REAL,
            call_implied_volatility REAL,
            put_open_interest REAL,
            put_change REAL,
            put_previous REAL,
            put_last REAL,
            put_volume REAL,
            put_implied_volatility REAL,
            PRIMARY KEY (snapshot, strike)
        ) STRICT, WITHOUT ROWID;
        """
}
