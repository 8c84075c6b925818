import MarketData

/// Which columns hold the time of a row, and how it is read from them.
struct TimeSource {
    /// The column of the time, or of its date.
    let column: Int
    /// The column of the time of day, where it stands apart.
    let clock: Int?
    let times: TimeColumn

    /// Returns the time of a row.
    /// - Throws: `ImportFault` with the row's line.
    func time(_ row: ImportRow) throws(ImportFault) -> ReadTime {
        let text = row.fields.indices.contains(column) ? row.fields[column] : ""
        if let clock {
            let hours = row.fields.indices.contains(clock) ? row.fields[clock] : ""
            if let time = times.time(text, clock: hours) { return time }
            throw ImportFault(
                "'\(text.prefix(60))' and '\(hours.prefix(60))' are not a date and a time", line: row.line)
        }
        if let time = times.time(text) { return time }
        throw ImportFault(
            text.isEmpty ? "the time is missing" : "'\(text.prefix(60))' is not a time like the others", line: row.line)
    }
}

/// What the columns that may hold the time say of themselves.
struct TimeSourceEvidence {
    private enum Kind { case full, date, clock }

    private struct Column {
        var counts: [Kind: Int] = [:]
        var evidence: TimeEvidence

        /// Times at midnight are dates, unless there are others beside them.
        var kind: Kind {
            let total = counts.values.reduce(0, +)
            if (counts[.full] ?? 0) * 10 >= max(1, total) { return .full }
            return counts[.clock, default: 0] > counts[.date, default: 0] ? .clock : .date
        }
    }

    private let order: [Int]
    private let pattern: DatePattern?
    private var columns: [Int: Column] = [:]

    init(_ order: [Int], pattern: DatePattern?, now: Timestamp) {
        self.order = order
        self.pattern = pattern
        // Tomorrow, since it may be tomorrow already where the exchange is.
        let latest = CalendarDate.split(seconds: now.seconds).date.advanced(byDays: 1)
        for column in order { columns[column] = Column(evidence: TimeEvidence(latest: latest)) }
    }

    mutating func add(_ row: ImportRow) {
        for column in order where row.fields.indices.contains(column) {
            let text = row.fields[column]
            guard let kind = kind(of: text) else { continue }
            columns[column]?.counts[kind, default: 0] += 1
            columns[column]?.evidence.add(text, line: row.line)
        }
    }

    private func kind(of text: String) -> Kind? {
        if let time = pattern?.time(text) { return time.millisecondOfDay == nil ? .date : .full }
        if let number = WrittenNumber(text) {
            if number.likelyUnit == .dateDigits { return .date }
            return text.utf8.count <= 6 && TimeColumn.clock(text) != nil ? .clock : .full
        }
        guard let time = WrittenTime(text) else { return nil }
        if time.day == nil { return .clock }
        return (time.millisecondOfDay ?? 0) == 0 ? .date : .full
    }

    /// Returns where the time is to be read.
    /// - Throws: `ImportFault` for dates whose order is open.
    func source() throws(ImportFault) -> TimeSource {
        let kinds = order.compactMap { column in columns[column].map { (column: column, kind: $0.kind) } }
        let dates = kinds.filter { $0.kind == .date && !(columns[$0.column]?.counts.isEmpty ?? true) }
        let clock = kinds.first { $0.kind == .clock }?.column
        let chosen = kinds.first { $0.kind == .full }?.column ?? dates.first?.column ?? order[0]
        let isApart = kinds.first { $0.column == chosen }?.kind == .date
        var times = TimeColumn()
        if pattern == nil, let column = columns[chosen] { times = try column.evidence.column() }
        times.pattern = pattern
        return TimeSource(column: chosen, clock: isApart ? clock : nil, times: times)
    }
}
