import GRDB
import MarketData

/// One instrument, one series: names that former versions kept apart, such as `NSE:M&M` and `NSE:M_M`, become the one that
/// `Symbol` reads them as. Nothing is lost: bars that contradict newer ones of the other name stay as a former generation.
enum SeriesNames {
    /// Renames or merges the series with such a name; changes nothing in a store without one.
    static func unify(_ db: Database) throws {
        for name in try String.fetchAll(db, sql: "SELECT DISTINCT symbol FROM series WHERE symbol GLOB '*[&-]*'") {
            guard let new = try renamed(name), let old = Symbol(verbatim: name) else { continue }
            for (_, key) in try SeriesTable.all(db) where key.symbol == old { try merge(key, as: new, db) }
        }
        for name in try names(in: "instrument", db) {
            try db.execute(
                sql: "UPDATE OR IGNORE instrument SET symbol = ? WHERE symbol = ?", arguments: [name.new, name.old])
            try db.execute(sql: "DELETE FROM instrument WHERE symbol = ?", arguments: [name.old])
        }
        for name in try names(in: "chain", db) {
            try db.execute(
                sql: "UPDATE OR IGNORE chain SET symbol = ? WHERE symbol = ?", arguments: [name.new, name.old])
            // If both names had a chain, its snapshots move to the remaining one.
            try db.execute(
                sql: """
                    UPDATE OR IGNORE snapshot SET chain = (
                        SELECT other.id FROM chain JOIN chain AS other
                        ON other.expiry = chain.expiry AND other.source = chain.source AND other.symbol = ?
                        WHERE chain.id = snapshot.chain)
                    WHERE chain IN (SELECT id FROM chain WHERE symbol = ?)
                    """, arguments: [name.new, name.old])
            try db.execute(
                sql: "DELETE FROM snapshot WHERE chain IN (SELECT id FROM chain WHERE symbol = ?)",
                arguments: [name.old])
            try db.execute(sql: "DELETE FROM chain WHERE symbol = ?", arguments: [name.old])
        }
        for table in ["watch", "job_item"] {
            for name in try names(in: table, db) {
                try db.execute(
                    sql: "UPDATE \(table) SET symbol = ? WHERE symbol = ?", arguments: [name.new, name.old])
            }
        }
    }

    private static func names(in table: String, _ db: Database) throws -> [(old: String, new: String)] {
        try String.fetchAll(db, sql: "SELECT DISTINCT symbol FROM \(table) WHERE symbol GLOB '*[&-]*'").compactMap {
            name in try renamed(name).map { (name, $0.description) }
        }
    }

    private static func renamed(_ name: String) throws -> Symbol? {
        guard let symbol = try? Symbol(name), symbol.description != name else { return nil }
        return symbol
    }

    private static func merge(_ old: SeriesKey, as symbol: Symbol, _ db: Database) throws {
        let key = SeriesKey(
            symbol: symbol, interval: old.interval, hours: old.hours, adjustment: old.adjustment,
            backAdjusted: old.backAdjusted)
        guard let source = try SeriesTable.current(of: old, db) else { return }
        if try SeriesTable.current(of: key, db) != nil { try admit(source, into: key, db) }
        guard let target = try SeriesTable.current(of: key, db) else { return try rename(old, to: key, above: 0, db) }
        for generation in try SeriesTable.generations(of: old, db) {
            try BarRemoval.remove(
                from: generation, where: target, hasBarsFrom: TimeRange.always.from, through: TimeRange.always.to, db)
            try SeriesTable.removeIfEmpty(generation, db)
        }
        // What is left becomes the oldest generations of the series.
        let count = try SeriesTable.generations(of: old, db).count
        for generation in try SeriesTable.generations(of: key, db) {
            try db.execute(
                sql: "UPDATE series SET generation = generation + ? WHERE id = ?", arguments: [count, generation.id])
        }
        try rename(old, to: key, above: 0, db)
    }

    /// Admits the bars of a generation, run by run, into another series; `PriceComparison` decides.
    private static func admit(_ source: SeriesTable.Generation, into key: SeriesKey, _ db: Database) throws {
        var table = RunTable(db: db)
        var isOnLevel = true
        for run in try Int64.fetchAll(
            db, sql: "SELECT id FROM run WHERE series = ? ORDER BY as_of", arguments: [source.id])
        {
            let response = try table.response(of: run)
            let bars = try BarReader(db: db, series: source.id).bars(ofRun: run)
            let admission = try SeriesWriter.admit(
                BarRun(key: key, bars: bars, provenance: response.origin.provenance(asOf: response.asOf)),
                if: Admission.Condition(), db)
            isOnLevel = isOnLevel && admission.verdict == .appended
        }
        guard isOnLevel, let target = try SeriesTable.current(of: key, db) else { return }
        try CoverageTable(db: db, series: target.id).add(
            CoverageTable(db: db, series: source.id).map(in: .always))
        try db.execute(
            sql: "UPDATE OR IGNORE revision SET series = ? WHERE series = ?", arguments: [target.id, source.id])
    }

    /// Gives the generations of a series another name, in their order.
    private static func rename(_ old: SeriesKey, to key: SeriesKey, above first: Int, _ db: Database) throws {
        for (number, generation) in try SeriesTable.generations(of: old, db).reversed().enumerated() {
            try db.execute(
                sql: "UPDATE series SET symbol = ?, generation = ? WHERE id = ?",
                arguments: [key.symbol.description, first + number, generation.id])
        }
    }
}
