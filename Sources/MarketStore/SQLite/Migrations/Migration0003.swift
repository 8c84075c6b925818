import GRDB

/// When a recorder watched which chain of options. An expiry is days since 1970, all times are milliseconds, UTC.
enum Migration0003 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE watch (
                    id INTEGER PRIMARY KEY,
                    symbol TEXT NOT NULL CHECK (symbol LIKE '_%:_%'),
                    expiry INTEGER NOT NULL,
                    start INTEGER NOT NULL,
                    stop INTEGER NOT NULL,
                    outcome TEXT NOT NULL CHECK (outcome IN ('watched', 'refused', 'failed', 'other_time')),
                    CHECK (start <= stop)
                ) STRICT;
                CREATE INDEX watch_end ON watch (symbol, expiry, stop);
                """)
    }
}
