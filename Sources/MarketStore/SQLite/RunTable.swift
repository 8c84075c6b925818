import GRDB
import MarketData

/// The responses that bars came from, with the number of bars that still refer to each.
struct RunTable {
    let db: Database
    private var known: [Int64: BarMerge.Response] = [:]

    init(db: Database) { self.db = db }

    mutating func response(of run: Int64) throws -> BarMerge.Response {
        if let response = known[run] { return response }
        let statement = try db.cachedStatement(
            sql: """
                SELECT as_of, source, feed, mode, delay_seconds
                FROM run JOIN origin ON origin.id = run.origin WHERE run.id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [run]) else {
            throw StoreError(.corrupt, "run \(run), which bars name, is not there; run the store's check")
        }
        let response = BarMerge.Response(
            asOf: Timestamp(milliseconds: row[0]), origin: try OriginTable.name(row, from: 1))
        known[run] = response
        return response
    }

    mutating func makeID(series: Int64, response: BarMerge.Response) throws -> Int64 {
        let origin = try OriginTable.makeID(of: response.origin, db)
        let arguments: StatementArguments = [series, response.asOf.milliseconds, origin]
        let find = try db.cachedStatement(sql: "SELECT id FROM run WHERE series = ? AND as_of = ? AND origin = ?")
        var id = try Int64.fetchOne(find, arguments: arguments)
        if id == nil {
            try db.execute(
                sql: "INSERT INTO run (series, as_of, origin, bars) VALUES (?, ?, ?, 0)", arguments: arguments)
            id = db.lastInsertedRowID
        }
        let run = id ?? db.lastInsertedRowID
        known[run] = response
        return run
    }

    /// Counts bars added and removed; a run without bars is deleted.
    func count(_ changes: [Int64: Int]) throws {
        for (run, change) in changes {
            if change != 0 {
                try db.cachedStatement(sql: "UPDATE run SET bars = bars + ? WHERE id = ?")
                    .execute(arguments: [change, run])
            }
            try db.cachedStatement(sql: "DELETE FROM run WHERE id = ? AND bars = 0").execute(arguments: [run])
        }
    }
}

/// Sources and how they respond; each once.
enum OriginTable {
    static func makeID(of origin: OriginName, _ db: Database) throws -> Int64 {
        let arguments: StatementArguments = [
            origin.source.rawValue, origin.mode.rawValue, origin.feed, origin.delaySeconds,
        ]
        let statement = try db.cachedStatement(
            sql: """
                SELECT id FROM origin WHERE source = ? AND mode = ?
                AND ifnull(feed, '') = ifnull(?, '') AND ifnull(delay_seconds, -1) = ifnull(?, -1)
                """)
        if let id = try Int64.fetchOne(statement, arguments: arguments) { return id }
        try db.execute(
            sql: "INSERT INTO origin (source, mode, feed, delay_seconds) VALUES (?, ?, ?, ?)", arguments: arguments)
        return db.lastInsertedRowID
    }

    /// Reads `source, feed, mode, delay_seconds` from a column on.
    static func name(_ row: Row, from column: Int) throws -> OriginName {
        guard let source = Provenance.Source(rawValue: row[column]),
            let mode = Provenance.Mode(rawValue: row[column + 2])
        else { throw StoreError(.corrupt, "the origin \(row) cannot be read; run the store's check") }
        return OriginName(source: source, feed: row[column + 1], mode: mode, delaySeconds: row[column + 3])
    }
}

/// Provenance without its time: the part shared by many responses, stored once.
struct OriginName: Hashable {
    let source: Provenance.Source
    let feed: String?
    let mode: Provenance.Mode
    let delaySeconds: Int?

    init(_ provenance: Provenance) {
        source = provenance.source
        feed = provenance.feed
        mode = provenance.mode
        delaySeconds = provenance.delaySeconds
    }

    init(source: Provenance.Source, feed: String?, mode: Provenance.Mode, delaySeconds: Int?) {
        self.source = source
        self.feed = feed
        self.mode = mode
        self.delaySeconds = delaySeconds
    }

    func provenance(asOf: Timestamp) -> Provenance {
        Provenance(source: source, feed: feed, mode: mode, delaySeconds: delaySeconds, asOf: asOf)
    }

    /// An order without meaning, so that two responses of the same moment are settled alike everywhere.
    static func < (left: OriginName, right: OriginName) -> Bool {
        left.words.lexicographicallyPrecedes(right.words)
    }

    private var words: [String] {
        [source.rawValue, feed ?? "", mode.rawValue, delaySeconds.map(String.init) ?? ""]
    }
}
