import GRDB

/// Backfills as jobs: what was ordered, and what became of each part of it.
enum Migration0005 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE job (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    created INTEGER NOT NULL,
                    fingerprint INTEGER NOT NULL
                ) STRICT;

                -- `stop` is NULL for an order that reaches up to the moment when it is worked on.
                CREATE TABLE job_item (
                    job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
                    number INTEGER NOT NULL CHECK (number > 0),
                    symbol TEXT NOT NULL CHECK (symbol LIKE '_%:_%'),
                    interval TEXT NOT NULL CHECK (interval <> ''),
                    hours TEXT NOT NULL CHECK (hours IN ('regular', 'extended')),
                    adjustment TEXT NOT NULL CHECK (adjustment IN ('splits', 'dividends', 'none')),
                    back_adjusted INTEGER NOT NULL CHECK (back_adjusted IN (0, 1)),
                    start INTEGER NOT NULL,
                    stop INTEGER CHECK (start < stop),
                    state TEXT NOT NULL CHECK (state IN ('waiting', 'complete', 'partial', 'failed')),
                    settled INTEGER,
                    inserted INTEGER NOT NULL CHECK (inserted >= 0),
                    revised INTEGER NOT NULL CHECK (revised >= 0),
                    remaining INTEGER NOT NULL CHECK (remaining >= 0),
                    reason TEXT,
                    PRIMARY KEY (job, number),
                    CHECK ((state = 'waiting') = (settled IS NULL))
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
