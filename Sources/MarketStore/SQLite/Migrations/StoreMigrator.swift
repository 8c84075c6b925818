import GRDB

/// The steps from an empty file to today's schema, each in a file of its own. A step that has been released never
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
        return migrator
    }
}
