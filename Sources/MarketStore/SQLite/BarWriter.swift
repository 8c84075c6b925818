import GRDB
import MarketData

/// Writes one answer's bars into a series, within a transaction: reads what is there, lets `BarMerge` settle, and writes
/// only what changes. Works in chunks, so that memory does not grow with the answer.
struct BarWriter {
    private static let chunk = 2_000

    let db: Database
    let series: Int64
    private let answer: BarMerge.Answer
    private var runs: RunTable
    private var run: Int64?
    private var changes: [Int64: Int] = [:]
    private var outcome = WriteOutcome()

    init(db: Database, series: Int64, provenance: Provenance) {
        self.db = db
        self.series = series
        answer = BarMerge.Answer(asOf: provenance.asOf, origin: OriginName(provenance))
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
        let reader = BarReader(db: db, series: series)
        let stored = try reader.cursor(from: first, through: last)
        var row = try stored.next()
        for bar in chunk {
            while let current = row, (current[0] as Int64) < bar.time.milliseconds { row = try stored.next() }
            if let current = row, current[0] == bar.time.milliseconds {
                try settle(current, bar, &winners)
            } else {
                outcome.inserted += 1
                winners.append(bar)
            }
        }
        try insert(winners)
    }

    private mutating func settle(_ row: Row, _ bar: Bar, _ winners: inout [Bar]) throws {
        let (stored, run) = (BarReader.bar(row), row[8] as Int64)
        let storedAnswer = try runs.answer(of: run)
        switch BarMerge.settle(stored: stored, from: storedAnswer, incoming: bar, from: answer) {
        case .kept: return
        case .revisedEarlier: return try keep(bar, from: answer)
        case .revised:
            try keep(stored, from: storedAnswer)
            outcome.revised += 1
        case .replaced: outcome.updated += 1
        case .confirmed: outcome.confirmed += 1
        }
        changes[run, default: 0] -= 1
        winners.append(bar)
    }

    private func keep(_ former: Bar, from answer: BarMerge.Answer) throws {
        let origin = try OriginTable.makeID(of: answer.origin, db)
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                series, former.time.milliseconds, answer.asOf.milliseconds, origin, former.open, former.high,
                former.low, former.close, former.volume, former.openInterest,
            ])
    }

    private mutating func insert(_ bars: [Bar]) throws {
        guard !bars.isEmpty else { return }
        let run = try self.run ?? runs.makeID(series: series, answer: answer)
        self.run = run
        changes[run, default: 0] += bars.count
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO bar VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for bar in bars {
            statement.setUncheckedArguments([
                series, bar.time.milliseconds, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.openInterest,
                run, bar.isFinal,
            ])
            try statement.execute()
        }
    }
}
