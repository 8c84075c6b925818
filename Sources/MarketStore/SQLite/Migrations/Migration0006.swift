import GRDB

/// What a source last said of an instrument: its hours decide which of its bars must exist.
enum Migration0006 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE instrument (
                    symbol TEXT PRIMARY KEY NOT NULL CHECK (symbol LIKE '_%:_%'),
                    description TEXT,
                    type TEXT,
                    currency TEXT,
                    country TEXT,
                    time_zone TEXT,
                    session TEXT,
                    has_volume INTEGER CHECK (has_volume IN (0, 1)),
                    price_scale INTEGER CHECK (price_scale > 0),
                    minimum_move INTEGER CHECK (minimum_move > 0)
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
