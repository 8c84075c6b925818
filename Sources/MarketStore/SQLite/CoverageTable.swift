import GRDB
import MarketData

/// What is known of one series, as rows. Reads and writes only the spans that a change touches.
struct CoverageTable {
    let db: Database
    let series: Int64

    /// What is known within a range.
    func map(in range: TimeRange) throws -> CoverageMap {
        var map = try touching(range)
        map.remove(TimeRange(from: TimeRange.always.from, to: range.from))
        map.remove(TimeRange(from: range.to, to: TimeRange.always.to))
        return map
    }

    /// Adds what an answer proves. Where it says that there is no bar, and none is stored, it overrules an earlier claim
    /// that all is had: otherwise a hole that cannot be filled would be asked for again and again.
    /// - Parameter bars: Those of the answer, ascending and written already.
    func add(_ proven: CoverageMap, bars: [Bar] = []) throws {
        let first = [proven.spans.first?.range.from, bars.first?.time].compactMap(\.self).min()
        let last = [proven.spans.last?.range.to, bars.last?.end].compactMap(\.self).max()
        guard let first, let last else { return }
        let range = TimeRange(from: first, to: last)
        let before = try touching(range)
        var after = before
        for span in proven.spans {
            if case .empty = span.state {
                for known in before.spans(in: span.range) where known.state == .had {
                    if try !holdsBars(known.range) { after.replace(CoverageSpan(known.range, span.state)) }
                }
            }
            after.add(span)
        }
        for span in before.spans(in: range) where span.state == .outdated {
            try keepOutdated(span.range, but: bars, in: &after)
        }
        try replace(before, with: after)
    }

    /// Bars of a former basis stay outdated whatever an answer says of their time, unless it brought them as they are
    /// stored now; those are outdated no more.
    private func keepOutdated(_ range: TimeRange, but bars: [Bar], in map: inout CoverageMap) throws {
        var brought = bars.drop { $0.time < range.from }
        var stretch: (range: TimeRange, holds: Bool)?
        for bar in try BarReader(db: db, series: series).bars(in: range, limit: .max).bars {
            while let first = brought.first, first.time < bar.time { brought.removeFirst() }
            let holds = brought.first == bar
            if let last = stretch, last.holds == holds {
                stretch?.range = TimeRange(from: last.range.from, to: bar.end)
                continue
            }
            if let stretch { CoverageTable.settle(stretch.range, holds: stretch.holds, in: &map) }
            stretch = (TimeRange(from: bar.time, to: bar.end), holds)
        }
        if let stretch { CoverageTable.settle(stretch.range, holds: stretch.holds, in: &map) }
    }

    private static func settle(_ range: TimeRange, holds: Bool, in map: inout CoverageMap) {
        guard holds else { return map.replace(CoverageSpan(range, .outdated)) }
        for span in map.spans(in: range) where span.state == .outdated { map.remove(span.range) }
    }

    /// Says that all before an instant was let go of; that a series begins later, or never traded, stays known.
    func letGo(before: Timestamp) throws {
        let range = TimeRange(from: min(RetentionPolicy.beginning, before), to: before)
        let known = try touching(range)
        var after = known
        for span in known.spans(in: range) {
            switch span.state {
            case .empty(.beforeHistory), .empty(.neverTraded): continue
            default: after.replace(CoverageSpan(span.range, .empty(.retention)))
            }
        }
        try replace(known, with: after)
    }

    /// From an instant on, what was let go of counts as missing.
    func regret(since: Timestamp) throws {
        let range = TimeRange(from: since, to: TimeRange.always.to)
        let known = try touching(range)
        var after = known
        for span in known.spans(in: range) where span.state == .empty(.retention) { after.remove(span.range) }
        try replace(known, with: after)
    }

    /// Says that what is stored before an instant is outdated; proofs of absence stand.
    func outdate(before: Timestamp) throws {
        let ends = try Row.fetchOne(
            db, sql: "SELECT min(time), max(time) FROM bar WHERE series = ?", arguments: [series])
        guard let first: Int64 = ends?[0], let last: Int64 = ends?[1], first < before.milliseconds else { return }
        let range = TimeRange(
            from: Timestamp(milliseconds: first), to: min(before, Timestamp(milliseconds: last + 1)))
        let known = try touching(range)
        var after = known
        for span in known.spans(in: range) where span.state == .had || span.state == .missing {
            after.replace(CoverageSpan(span.range, .outdated))
        }
        try replace(known, with: after)
    }

    private func holdsBars(_ range: TimeRange) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM bar WHERE series = ? AND time >= ? AND time < ? AND final)")
        let arguments: StatementArguments = [series, range.from.milliseconds, range.to.milliseconds]
        return try Bool.fetchOne(statement, arguments: arguments) ?? false
    }

    /// The whole spans that overlap a range or touch it.
    private func touching(_ range: TimeRange) throws -> CoverageMap {
        let statement = try db.cachedStatement(
            sql: """
                SELECT start, stop, state FROM coverage
                WHERE series = ?1 AND stop >= ?2 AND start <= ?3 AND start >= ifnull(
                    (SELECT max(start) FROM coverage WHERE series = ?1 AND start < ?2), ?2)
                ORDER BY start
                """)
        let arguments: StatementArguments = [series, range.from.milliseconds, range.to.milliseconds]
        let spans = try Row.fetchAll(statement, arguments: arguments).map { row in
            CoverageSpan(
                TimeRange(from: Timestamp(milliseconds: row[0]), to: Timestamp(milliseconds: row[1])),
                try CoverageTable.state(row[2]))
        }
        return CoverageMap(spans)
    }

    private func replace(_ before: CoverageMap, with after: CoverageMap) throws {
        let (old, new) = (Set(before.spans), Set(after.spans))
        for span in before.spans where !new.contains(span) {
            try db.cachedStatement(sql: "DELETE FROM coverage WHERE series = ? AND start = ?")
                .execute(arguments: [series, span.range.from.milliseconds])
        }
        for span in after.spans where !old.contains(span) {
            try db.cachedStatement(sql: "INSERT INTO coverage VALUES (?, ?, ?, ?)")
                .execute(arguments: [
                    series, span.range.from.milliseconds, span.range.to.milliseconds, span.state.description,
                ])
        }
    }

    private static func state(_ text: String) throws -> CoverageState {
        for state in [CoverageState.had, .outdated] where text == state.description { return state }
        guard let reason = EmptyReason(rawValue: text) else {
            throw StoreError(.corrupt, "the coverage state '\(text)' is not known; run the store's check")
        }
        return .empty(reason)
    }
}

extension Bar {
    /// The first instant after its opening.
    fileprivate var end: Timestamp { Timestamp(milliseconds: time.milliseconds + 1) }
}
