import GRDB

/// Spans of coverage whose bars have prices of before the whole series changed.
enum Migration0008 {
    /// SQLite cannot widen a check: the table is made anew with one state more.
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE coverage RENAME TO former_coverage;
                CREATE TABLE coverage (
                    series INTEGER NOT NULL REFERENCES series,
                    start INTEGER NOT NULL,
                    stop INTEGER NOT NULL,
                    state TEXT NOT NULL CHECK (
                        state IN (
                            'had', 'no_trades', 'closed', 'before_history', 'never_traded', 'retention', 'outdated')),
                    PRIMARY KEY (series, start),
                    CHECK (start < stop)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO coverage SELECT series, start, stop, state FROM former_coverage;
                DROP TABLE former_coverage;
                """)
    }
}
