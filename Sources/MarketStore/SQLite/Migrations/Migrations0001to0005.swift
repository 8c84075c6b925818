import GRDB

/// The steps from an empty file to today's schema, in groups of five. A step that has been released never
/// changes again.
enum StoreMigrator {
    /// Marks a file as ours in SQLite's header: "BHAV".
    static let applicationID: Int32 = 0x4248_4156

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 bars", migrate: Migration0001.migrate)
        migrator.registerMigration("0002 open interest", migrate: Migration0002.migrate)
        migrator.registerMigration("0003 recording", migrate: Migration0003.migrate)
        migrator.registerMigration("0004 retention", migrate: Migration0004.migrate)
        migrator.registerMigration("0005 jobs", migrate: Migration0005.migrate)
        migrator.registerMigration("0006 instruments", migrate: Migration0006.migrate)
        migrator.registerMigration("0007 price changes", migrate: Migration0007.migrate)
        migrator.registerMigration("0008 outdated bars", migrate: Migration0008.migrate)
        migrator.registerMigration("0009 generations", migrate: Migration0009.migrate)
        migrator.registerMigration("0010 impossible bars", migrate: Migration0010.migrate)
        return migrator
    }
}

/// Series, bars, their runs, earlier values and coverage. All times are milliseconds since 1970, UTC.
///
/// `bar` names its run without a foreign key: looking up the parent would slow every insert, and `check` does it.
enum Migration0001 {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: "PRAGMA application_id = \(StoreMigrator.applicationID)")
        try db.execute(sql: series)
        try db.execute(sql: bars)
        try db.execute(sql: coverage)
    }

    private static let series = """
        CREATE TABLE series (
            id INTEGER PRIMARY KEY,
            symbol TEXT NOT NULL CHECK (symbol LIKE '_%:_%'),
            interval TEXT NOT NULL CHECK (interval <> ''),
            hours TEXT NOT NULL CHECK (hours IN ('regular', 'extended')),
            adjustment TEXT NOT NULL CHECK (adjustment IN ('splits', 'dividends', 'none')),
            back_adjusted INTEGER NOT NULL CHECK (back_adjusted IN (0, 1)),
            UNIQUE (symbol, interval, hours, adjustment, back_adjusted)
        ) STRICT;

        -- The source of a response: what many responses have in common.
        CREATE TABLE origin (
            id INTEGER PRIMARY KEY,
            source TEXT NOT NULL CHECK (source <> ''),
            feed TEXT,
            mode TEXT NOT NULL CHECK (mode <> ''),
            delay_seconds INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX origin_name ON origin (source, mode, ifnull(feed, ''), ifnull(delay_seconds, -1));
        """

    private static let bars = """
        -- One response of one source for one series; `bars` counts the rows of `bar` that name it.
        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            series INTEGER NOT NULL REFERENCES series,
            origin INTEGER NOT NULL REFERENCES origin,
            as_of INTEGER NOT NULL,
            bars INTEGER NOT NULL CHECK (bars >= 0),
            UNIQUE (series, as_of, origin)
        ) STRICT;

        CREATE TABLE bar (
            series INTEGER NOT NULL,
            time INTEGER NOT NULL,
            open REAL NOT NULL,
            high REAL NOT NULL,
            low REAL NOT NULL,
            close REAL NOT NULL,
            volume REAL CHECK (volume >= 0),
            open_interest REAL,
            run INTEGER NOT NULL,
            final INTEGER NOT NULL CHECK (final IN (0, 1)),
            PRIMARY KEY (series, time),
            CHECK (low <= high AND low > -9e999 AND high < 9e999)
        ) STRICT, WITHOUT ROWID;

        -- The values of a final bar before a newer response changed it.
        CREATE TABLE revision (
            series INTEGER NOT NULL REFERENCES series,
            time INTEGER NOT NULL,
            as_of INTEGER NOT NULL,
            origin INTEGER NOT NULL REFERENCES origin,
            open REAL NOT NULL,
            high REAL NOT NULL,
            low REAL NOT NULL,
            close REAL NOT NULL,
            volume REAL,
            open_interest REAL,
            PRIMARY KEY (series, time, as_of, origin)
        ) STRICT, WITHOUT ROWID;
        """

    private static let coverage = """
        -- Spans of a series; they neither overlap nor, in the same state, touch. What none holds is missing.
        CREATE TABLE coverage (
            series INTEGER NOT NULL REFERENCES series,
            start INTEGER NOT NULL,
            stop INTEGER NOT NULL,
            state TEXT NOT NULL
                CHECK (state IN ('had', 'no_trades', 'closed', 'before_history', 'never_traded')),
            PRIMARY KEY (series, start),
            CHECK (start < stop)
        ) STRICT, WITHOUT ROWID;
        """
}

/// Snapshots of open interest. An expiry is days since 1970, a strike is ten-thousandths of the currency.
enum Migration0002 {
    static func migrate(_ db: Database) throws {
        try db.execute(sql: snapshots)
        try db.execute(sql: strikes)
    }

    private static let snapshots = """
        -- The options of one expiry as one source reports them.
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
        -- `sides`: 1 the call is known, 2 the put is, 3 both. A value that the source did not report is NULL.
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

/// Retention rules, and spans of coverage that were removed.
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

    /// SQLite cannot widen a check: the table is made again with one reason more.
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

/// Backfills as jobs: what was ordered, and the outcome of each part.
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
