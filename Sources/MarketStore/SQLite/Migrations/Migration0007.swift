import GRDB

/// How an option's price changed since the close before, without which its build-up cannot be told.
enum Migration0007 {
    static func migrate(_ db: Database) throws {
        try db.execute(
            sql: """
                ALTER TABLE strike ADD COLUMN call_price_change REAL;
                ALTER TABLE strike ADD COLUMN put_price_change REAL;
                """)
    }
}
