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
