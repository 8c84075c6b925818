import GRDB

/// Series, bars, the runs they came with, former values and coverage. All times are milliseconds since 1970, UTC.
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

        -- Who answers, and how: what many answers have in common.
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
        -- One answer of one source for one series; `bars` counts the rows of `bar` that name it.
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

        -- What a final bar was before a newer answer said otherwise.
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
