import GRDB

/// What is kept how long, and spans of coverage that were let go of.
enum Migration0004 {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: retention)
        try db.execute(sql: coverage)
    }

    private static let retention = """
        CREATE TABLE retention (
            interval TEXT NOT NULL PRIMARY KEY CHECK (interval <> ''),
            seconds INTEGER NOT NULL CHECK (seconds > 0)
        ) STRICT, WITHOUT ROWID;
        """

    /// SQLite cannot widen a check: the table is made anew with one reason more.
    private static let coverage = """
        ALTER TABLE coverage RENAME TO former_coverage;
        CREATE TABLE coverage (
            series INTEGER NOT NULL REFERENCES series,
            start INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('had', 'no_trades', 'closed', 'before_history', 'never_traded', 'retention')),
            PRIMARY KEY (series, start),
            CHECK (start < stop)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO coverage SELECT series, start, stop, state FROM former_coverage;
        DROP TABLE former_coverage;
        """
}
