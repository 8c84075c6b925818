import GRDB
import MarketData

/// One trading day has one daily bar, however it is stamped; the same holds for weeks and months.
enum TradingDays {
    /// The bars of a run as they are to be written: a bar of a file that another stamp of its day, week or month is stored
    /// for takes that stamp, and a source's bar gives its stamp to that of a file. Two stamps of sources stay
    /// two bars.
    /// - Parameters:
    ///   - bars: Ascending.
    ///   - isWriting: Whether stored bars may be given other stamps.
    static func joined(
        _ bars: [Bar], of run: BarRun, in series: SeriesTable.Generation, isWriting: Bool = true, _ db: Database
    ) throws -> [Bar] {
        guard !run.key.interval.isIntraday, let first = bars.first?.time, let last = bars.last?.time else {
            return bars
        }
        let isFile = run.provenance.source == .store
        guard isFile || isWriting else { return bars }
        let reach = run.key.interval.longestSeconds
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT bar.time, origin.source FROM bar JOIN run ON run.id = bar.run
                    JOIN origin ON origin.id = run.origin
                    WHERE bar.series = ? AND bar.time BETWEEN ? AND ? ORDER BY bar.time
                    """),
            arguments: [
                series.id, first.advanced(bySeconds: -reach).milliseconds, last.advanced(bySeconds: reach).milliseconds,
            ])
        let stored = rows.filter { isFile || $0[1] == Provenance.Source.store.rawValue }.map {
            Timestamp(milliseconds: $0[0])
        }
        guard !stored.isEmpty else { return bars }
        let stamps = PeriodStamps(
            interval: run.key.interval, symbol: run.key.symbol,
            instrument: try InstrumentTable.instrument(of: run.key.symbol, db))
        let periods = Dictionary(grouping: stored) { stamps.period(of: $0) }
        var joined: [Bar] = []
        for bar in bars {
            guard let others = periods[stamps.period(of: bar.time)], !others.contains(bar.time),
                let other = others.first
            else {
                joined.append(bar)
                continue
            }
            if isFile {
                joined.append(bar.stamped(other))
            } else {
                try move(others, to: bar.time, in: series, db)
                joined.append(bar)
            }
        }
        return isFile ? BarMerge.ordered(joined) : joined
    }

    /// Gives the first bar another stamp, and removes the rest.
    private static func move(
        _ stamps: [Timestamp], to time: Timestamp, in series: SeriesTable.Generation, _ db: Database
    ) throws {
        for stamp in stamps.dropFirst() {
            _ = try BarRemoval.remove(
                "series = ? AND time = ?", [series.id, stamp.milliseconds], db)
        }
        guard let stamp = stamps.first else { return }
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM bar WHERE series = ? AND time = ?)",
            arguments: [series.id, time.milliseconds])
        if isTaken == true {
            _ = try BarRemoval.remove("series = ? AND time = ?", [series.id, stamp.milliseconds], db)
        } else {
            try db.execute(
                sql: "UPDATE bar SET time = ? WHERE series = ? AND time = ?",
                arguments: [time.milliseconds, series.id, stamp.milliseconds])
        }
        try db.execute(
            sql: "UPDATE OR IGNORE revision SET time = ? WHERE series = ? AND time = ?",
            arguments: [time.milliseconds, series.id, stamp.milliseconds])
    }

    /// Bars of one day, week or month in a generation that should be one, described.
    static func faults(_ db: Database) throws -> [String] {
        var faults: [String] = []
        for (id, key) in try SeriesTable.all(db) where !key.interval.isIntraday {
            let stamps = PeriodStamps(
                interval: key.interval, symbol: key.symbol,
                instrument: try InstrumentTable.instrument(of: key.symbol, db))
            var earlier: (time: Timestamp, period: CalendarDate?)?
            let times = try Int64.fetchCursor(
                db, sql: "SELECT time FROM bar WHERE series = ? ORDER BY time", arguments: [id])
            while let milliseconds = try times.next(), faults.count < 100 {
                let time = Timestamp(milliseconds: milliseconds)
                let period = stamps.period(of: time)
                if let earlier, let period, earlier.period == period {
                    faults.append("\(key) on \(period): at \(earlier.time) and \(time)")
                }
                earlier = (time, period)
            }
        }
        return faults
    }
}

extension Bar {
    fileprivate func stamped(_ time: Timestamp) -> Bar {
        var bar = self
        bar.time = time
        return bar
    }
}
