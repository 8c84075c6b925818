import GRDB
import MarketData

/// Writes the bars of one response into a series, within a transaction: reads what is there, lets `BarMerge` settle, and writes
/// only what changes. Works in chunks, so that memory does not grow with the response.
struct BarWriter {
    private static let chunk = 2_000

    let db: Database
    let series: Int64
    private let response: BarMerge.Response
    private var runs: RunTable
    private var run: Int64?
    private var changes: [Int64: Int] = [:]
    private var outcome = WriteOutcome()

    init(db: Database, series: Int64, provenance: Provenance) {
        self.db = db
        self.series = series
        response = BarMerge.Response(provenance)
        runs = RunTable(db: db)
    }

    /// Writes bars that ascend by time.
    mutating func write(_ bars: [Bar]) throws -> WriteOutcome {
        var rest = bars[...]
        while !rest.isEmpty {
            try write(chunk: rest.prefix(BarWriter.chunk))
            rest = rest.dropFirst(BarWriter.chunk)
        }
        try runs.count(changes)
        return outcome
    }

    private mutating func write(chunk: ArraySlice<Bar>) throws {
        guard let first = chunk.first?.time, let last = chunk.last?.time else { return }
        // What is there is read to its end before anything is written under the cursor.
        var winners: [Bar] = []
        winners.reserveCapacity(chunk.count)
        let stored = try BarReader(db: db, series: series).rows(from: first, through: last)
        defer { stored.reset() }
        var isRow = try stored.step()
        for bar in chunk {
            while isRow, stored.integer(0) < bar.time.milliseconds { isRow = try stored.step() }
            if isRow, stored.integer(0) == bar.time.milliseconds {
                try settle(BarReader.bar(stored), run: stored.integer(8), bar, &winners)
            } else {
                outcome.inserted += 1
                winners.append(bar)
            }
        }
        stored.reset()
        try insert(winners)
    }

    private mutating func settle(_ stored: Bar, run: Int64, _ bar: Bar, _ winners: inout [Bar]) throws {
        let storedResponse = try runs.response(of: run)
        switch BarMerge.settle(stored: stored, from: storedResponse, incoming: bar, from: response) {
        case .kept: return
        case .revisedEarlier: return try keep(bar, from: response)
        case .revised:
            try keep(stored, from: storedResponse)
            outcome.revised += 1
        case .replaced: outcome.updated += 1
        case .confirmed: outcome.confirmed += 1
        }
        changes[run, default: 0] -= 1
        winners.append(bar)
    }

    private func keep(_ former: Bar, from response: BarMerge.Response) throws {
        let origin = try OriginTable.makeID(of: response.origin, db)
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                series, former.time.milliseconds, response.asOf.milliseconds, origin, former.open, former.high,
                former.low, former.close, former.volume, former.openInterest,
            ])
    }

    private mutating func insert(_ bars: [Bar]) throws {
        guard !bars.isEmpty else { return }
        let run = try self.run ?? runs.makeID(series: series, response: response)
        self.run = run
        changes[run, default: 0] += bars.count
        let statement = try RawStatement(db, sql: "INSERT OR REPLACE INTO bar VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        defer { statement.reset() }
        statement.bind(series, at: 1)
        statement.bind(run, at: 9)
        for bar in bars {
            statement.bind(bar.time.milliseconds, at: 2)
            statement.bind(bar.open, at: 3)
            statement.bind(bar.high, at: 4)
            statement.bind(bar.low, at: 5)
            statement.bind(bar.close, at: 6)
            statement.bind(bar.volume, at: 7)
            statement.bind(bar.openInterest, at: 8)
            statement.bind(bar.isFinal ? 1 : 0 as Int64, at: 10)
            _ = try statement.step()
            statement.reset()
        }
    }
}

/// Takes bars out of a generation of a series.
enum BarRemoval {
    /// How many bars go in one transaction.
    private static let batch = 20_000

    /// The opening of the first bar that stays in this batch though it is to go; `nil` where one batch is enough.
    static func boundary(series: Int64, before: Timestamp, _ db: Database) throws -> Timestamp? {
        try Int64.fetchOne(
            db, sql: "SELECT time FROM bar WHERE series = ? AND time < ? ORDER BY time LIMIT 1 OFFSET ?",
            arguments: [series, before.milliseconds, batch]
        ).map(Timestamp.init(milliseconds:))
    }

    /// Removes the bars before an instant, and their revisions.
    static func remove(series: Int64, before: Timestamp, _ db: Database) throws -> Int {
        let arguments: StatementArguments = [series, before.milliseconds]
        let removed = try remove("series = ? AND time < ?", arguments, db)
        try db.execute(sql: "DELETE FROM revision WHERE series = ? AND time < ?", arguments: arguments)
        return removed
    }

    /// Removes the bars of a former generation that the current one has, so that no time has bars of two.
    static func remove(
        from former: SeriesTable.Generation, where current: SeriesTable.Generation, hasBarsFrom first: Timestamp,
        through last: Timestamp, _ db: Database
    ) throws {
        let span = [first.milliseconds, last.milliseconds]
        let removed = try remove(
            """
            series = ? AND time BETWEEN ? AND ?
            AND time IN (SELECT time FROM bar WHERE series = ? AND time BETWEEN ? AND ?)
            """, StatementArguments([former.id] + span + [current.id] + span), db)
        if removed > 0 { try SeriesTable.removeIfEmpty(former, db) }
    }

    /// Removes the bars that a condition holds for.
    static func remove(_ condition: String, _ arguments: StatementArguments, _ db: Database) throws -> Int {
        let counts = try Row.fetchAll(
            db, sql: "SELECT run, count(*) FROM bar WHERE \(condition) GROUP BY run", arguments: arguments)
        try db.execute(sql: "DELETE FROM bar WHERE \(condition)", arguments: arguments)
        let removed = db.changesCount
        let changes = counts.map { (row: Row) -> (Int64, Int) in (row[0], -(row[1] as Int)) }
        try RunTable(db: db).count(Dictionary(uniqueKeysWithValues: changes))
        return removed
    }
}
