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

    /// Adds the coverage of a response. Where it says that there is no bar, and none is stored, it
    /// replaces an earlier state `hasData`: otherwise a gap that cannot be filled would be fetched again and again.
    func add(_ additions: CoverageMap) throws {
        guard let first = additions.spans.first?.range.from, let last = additions.spans.last?.range.to else { return }
        let range = TimeRange(from: first, to: last)
        let before = try touching(range)
        var after = before
        for span in additions.spans {
            if case .empty = span.state {
                for known in before.spans(in: span.range) where known.state == .hasData {
                    if try !holdsBars(known.range) { after.replace(CoverageSpan(known.range, span.state)) }
                }
            }
            after.add(span)
        }
        try replace(before, with: after)
    }

    /// Marks all before an instant as removed; that a series begins later, or never traded, stays known.
    func markRemoved(before: Timestamp) throws {
        let range = TimeRange(from: min(RetentionPolicy.beginning, before), to: before)
        let known = try touching(range)
        var after = known
        for span in known.spans(in: range) {
            switch span.state {
            case .empty(.beforeHistory), .empty(.neverTraded): continue
            default: after.replace(CoverageSpan(span.range, .removed))
            }
        }
        try replace(known, with: after)
    }

    /// From an instant on, removed spans are unknown.
    func forgetRemoved(since: Timestamp) throws {
        let range = TimeRange(from: since, to: TimeRange.always.to)
        let known = try touching(range)
        var after = known
        for span in known.spans(in: range) where span.state == .removed { after.remove(span.range) }
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
        for state in [CoverageState.hasData, .removed] where text == state.description { return state }
        guard let reason = EmptyReason(rawValue: text) else {
            throw StoreError(.corrupt, "the coverage state '\(text)' is not known; run the store's check")
        }
        return .empty(reason)
    }
}
