import GRDB

/// The newest report of a source on an instrument: its hours decide which bars must exist.
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

/// How an option's price changed since the close before, without which its build-up cannot be reported.
enum Migration0007 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE strike ADD COLUMN call_price_change REAL;
                ALTER TABLE strike ADD COLUMN put_price_change REAL;
                """)
    }
}

/// Spans of coverage whose bars have prices from before a price change of the series.
enum Migration0008 {
    /// SQLite cannot widen a check: the table is made again with one state more.
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

/// Generations: a row of `series` is one generation of a series, so that a new one rewrites no bars. Stretches that were
/// marked as former become a former generation, and coverage has that state no more.
enum Migration0009 {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: series)
        let stale = try Row.fetchAll(
            db, sql: "SELECT series, start, stop FROM coverage WHERE state = 'outdated' ORDER BY series, start")
        for (id, spans) in Dictionary(grouping: stale, by: { (row: Row) -> Int64 in row[0] }) {
            try moveToFormerGeneration(spans.map { (from: $0[1], to: $0[2]) }, of: id, db)
        }
        try db.execute(sql: coverage)
    }

    private static func moveToFormerGeneration(_ spans: [(from: Int64, to: Int64)], of id: Int64, _ db: Database) throws
    {
        try db.execute(sql: "UPDATE series SET generation = 1 WHERE id = ?", arguments: [id])
        try db.execute(
            sql: """
                INSERT INTO series (symbol, interval, hours, adjustment, back_adjusted, generation)
                SELECT symbol, interval, hours, adjustment, back_adjusted, 0 FROM series WHERE id = ?
                """, arguments: [id])
        let former = db.lastInsertedRowID
        for span in spans {
            try db.execute(
                sql: "UPDATE bar SET series = ? WHERE series = ? AND time >= ? AND time < ?",
                arguments: [former, id, span.from, span.to])
        }
        // Their runs are copied, and each run counts the bars that name it.
        try db.execute(
            sql: """
                INSERT INTO run (series, origin, as_of, bars)
                SELECT bar.series, run.origin, run.as_of, count(*) FROM bar JOIN run ON run.id = bar.run
                WHERE bar.series = ? GROUP BY run.id
                """, arguments: [former])
        try db.execute(
            sql: """
                UPDATE bar SET run = (
                    SELECT copy.id FROM run AS copy JOIN run AS original
                    ON copy.as_of = original.as_of AND copy.origin = original.origin
                    WHERE copy.series = bar.series AND original.id = bar.run)
                WHERE series = ?
                """, arguments: [former])
        try db.execute(
            sql: """
                UPDATE run SET bars = (SELECT count(*) FROM bar WHERE bar.series = run.series AND bar.run = run.id)
                WHERE series = ?
                """, arguments: [id])
        try db.execute(sql: "DELETE FROM run WHERE series = ? AND bars = 0", arguments: [id])
        // A former generation without bars is none.
        try db.execute(
            sql: "DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM bar WHERE series = ?1)",
            arguments: [former])
    }

    private static let series = """
        CREATE TABLE new_series (
            id INTEGER PRIMARY KEY,
            symbol TEXT NOT NULL CHECK (symbol LIKE '_%:_%'),
            interval TEXT NOT NULL CHECK (interval <> ''),
            hours TEXT NOT NULL CHECK (hours IN ('regular', 'extended')),
            adjustment TEXT NOT NULL CHECK (adjustment IN ('splits', 'dividends', 'none')),
            back_adjusted INTEGER NOT NULL CHECK (back_adjusted IN (0, 1)),
            generation INTEGER NOT NULL DEFAULT 0 CHECK (generation >= 0),
            UNIQUE (symbol, interval, hours, adjustment, back_adjusted, generation)
        ) STRICT;
        INSERT INTO new_series (id, symbol, interval, hours, adjustment, back_adjusted)
        SELECT id, symbol, interval, hours, adjustment, back_adjusted FROM series;
        DROP TABLE series;
        ALTER TABLE new_series RENAME TO series;
        """

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
        INSERT INTO coverage SELECT series, start, stop, state FROM former_coverage WHERE state <> 'outdated';
        DROP TABLE former_coverage;
        """
}

/// Impossible bars (a high below the low, a negative volume) are kept as they came: the checks on them go.
enum Migration0010 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE bar RENAME TO former_bar;
                CREATE TABLE bar (
                    series INTEGER NOT NULL,
                    time INTEGER NOT NULL,
                    open REAL NOT NULL,
                    high REAL NOT NULL,
                    low REAL NOT NULL,
                    close REAL NOT NULL,
                    volume REAL,
                    open_interest REAL,
                    run INTEGER NOT NULL,
                    final INTEGER NOT NULL CHECK (final IN (0, 1)),
                    PRIMARY KEY (series, time),
                    CHECK (low > -9e999 AND low < 9e999 AND high > -9e999 AND high < 9e999)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO bar SELECT * FROM former_bar;
                DROP TABLE former_bar;
                """)
    }
}
