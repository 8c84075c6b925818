import GRDB
import MarketData

/// Reads what a series has where a run is to go. Ends at the first bar that came back as it is stored, so that a
/// response that agrees costs one row.
struct SurroundingsReader {
    let db: Database
    let series: SeriesTable.Generation

    /// - Parameter bars: Those of the run, ascending.
    func surroundings(of run: BarRun, bars: [Bar], if condition: Admission.Condition) throws -> RunSurroundings {
        var surroundings = RunSurroundings(generation: series.number)
        guard let first = bars.first?.time, let last = bars.last?.time else { return surroundings }
        try compare(bars, from: first, through: last, isBackAdjusted: run.key.backAdjusted, into: &surroundings)
        guard surroundings.level == .unknown, condition.confirmedSince != nil else { return surroundings }
        surroundings.before = try neighbours("time < ?", "DESC", last).reversed()
        surroundings.after = try neighbours("time > ?", "ASC", last)
        return surroundings
    }

    private func compare(
        _ bars: [Bar], from first: Timestamp, through last: Timestamp, isBackAdjusted: Bool,
        into surroundings: inout RunSurroundings
    ) throws {
        var pairs: [(old: Bar, new: Bar)] = []
        var runs: Set<Int64> = []
        let rows = try BarReader(db: db, series: series.id).rows(from: first, through: last)
        defer { rows.reset() }
        var rest = bars[...]
        while pairs.count < PriceLevel.mostPairs, try rows.step() {
            let stored = BarReader.bar(rows)
            while let bar = rest.first, bar.time < stored.time { rest.removeFirst() }
            guard let bar = rest.first, bar.time == stored.time, bar.isFinal, stored.isFinal else { continue }
            pairs.append((stored, bar))
            runs.insert(rows.integer(8))
            if stored.hasPrices(of: bar) { break }
        }
        rows.reset()
        surroundings.level = PriceLevel.compare(pairs, isBackAdjusted: isBackAdjusted)
        var table = RunTable(db: db)
        surroundings.comparedAsOf = try runs.map { try table.answer(of: $0).asOf }.max()
    }

    private func neighbours(
        _ condition: String, _ order: String, _ time: Timestamp
    ) throws -> [RunSurroundings.Neighbour] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT bar.time, run.as_of FROM bar JOIN run ON run.id = bar.run
                WHERE bar.series = ? AND bar.\(condition) AND bar.final ORDER BY bar.time \(order) LIMIT ?
                """)
        let arguments: StatementArguments = [series.id, time.milliseconds, RunSurroundings.overlapBars]
        return try Row.fetchAll(statement, arguments: arguments).map { row in
            RunSurroundings.Neighbour(
                time: Timestamp(milliseconds: row[0]), asOf: Timestamp(milliseconds: row[1]))
        }
    }
}
