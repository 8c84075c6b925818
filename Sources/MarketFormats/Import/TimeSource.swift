import MarketData

/// Which columns hold the time of a row, and how it is read from them.
struct TimeSource {
    /// The column of the time, or of its date.
    let column: Int
    /// The column of the time of day, where it is apart.
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
        /// Whether all its values are numbers that may count rows.
        var maybeCounts: Bool

        /// Times at midnight are dates, unless there are others beside them.
        var kind: Kind {
            let total = counts.values.reduce(0, +)
            if (counts[.full] ?? 0) * 10 >= max(1, total) { return .full }
            return counts[.clock, default: 0] > counts[.date, default: 0] ? .clock : .date
        }
    }

    private let order: [Int]
    private let pattern: DatePattern?
    private let readsMonths: Bool
    private var columns: [Int: Column] = [:]

    /// - Parameters:
    ///   - header: Which columns may hold the time.
    ///   - readsMonths: Whether a month may be written without a day.
    init(_ header: ImportColumns, pattern: DatePattern?, readsMonths: Bool, now: Timestamp) {
        order = header.times
        self.pattern = pattern
        self.readsMonths = readsMonths
        // Tomorrow, since it may be tomorrow already where the exchange is.
        let latest = CalendarDate.split(seconds: now.seconds).date.advanced(byDays: 1)
        for column in order {
            columns[column] = Column(
                evidence: TimeEvidence(latest: latest), maybeCounts: header.indexes.contains(column))
        }
    }

    mutating func add(_ row: ImportRow) {
        for column in order where row.fields.indices.contains(column) {
            let text = row.fields[column]
            if columns[column]?.maybeCounts == true, !TimeSourceEvidence.mayCount(text) {
                columns[column]?.maybeCounts = false
            }
            guard let kind = kind(of: text) else { continue }
            columns[column]?.counts[kind, default: 0] += 1
            columns[column]?.evidence.add(text, line: row.line)
        }
    }

    /// More rows than any file has.
    private static let mostRows = 10_000_000

    private static func mayCount(_ text: String) -> Bool { Int(text).map { (0..<mostRows).contains($0) } ?? false }

    private func kind(of text: String) -> Kind? {
        if let time = pattern?.time(text) { return time.millisecondOfDay == nil ? .date : .full }
        if let number = WrittenNumber(text) {
            if number.likelyUnit == .dateDigits || number.isSpreadsheetDay { return .date }
            if number.fractionOfDay != nil { return .clock }
            return text.utf8.count <= 6 && TimeColumn.clock(text) != nil ? .clock : .full
        }
        guard let time = WrittenTime(text) else { return readsMonths && WrittenTime(month: text) != nil ? .date : nil }
        if time.day == nil { return .clock }
        return (time.millisecondOfDay ?? 0) == 0 ? .date : .full
    }

    /// Returns where the time is to be read.
    /// - Throws: `ImportFault` for dates whose order is open, or for no column but one that counts the rows.
    func source() throws(ImportFault) -> TimeSource {
        let times = order.filter { columns[$0]?.maybeCounts != true }
        guard let likeliest = times.first else {
            throw ImportFault(
                "no column for time: the index only counts the rows; use --columns, for example --columns 'time=Date'")
        }
        let kinds = times.compactMap { column in columns[column].map { (column: column, kind: $0.kind) } }
        let dates = kinds.filter { $0.kind == .date && !(columns[$0.column]?.counts.isEmpty ?? true) }
        let clock = kinds.first { $0.kind == .clock }?.column
        let chosen = kinds.first { $0.kind == .full }?.column ?? dates.first?.column ?? likeliest
        let isApart = kinds.first { $0.column == chosen }?.kind == .date
        var column = TimeColumn()
        if pattern == nil, let chosen = columns[chosen] { column = try chosen.evidence.column() }
        column.pattern = pattern
        column.readsMonths = readsMonths
        return TimeSource(column: chosen, clock: isApart ? clock : nil, times: column)
    }
}

/// What the times of a whole file say of how each is to be read: the order of day and month, and what numbers count.
struct TimeEvidence {
    private struct Candidate {
        var last: CalendarDate?
        var isAscending = true
        var isDescending = true
        /// A line whose date is possible under this order only.
        var proof: Int?

        var isMonotonic: Bool { isAscending || isDescending }
    }

    /// The newest date that a bar can have, by any zone.
    let latest: CalendarDate
    private var units: [TimeColumn.Unit: Int] = [:]
    private var candidates: [WrittenTime.Order: Candidate] = [:]
    private var ambiguous: (line: Int, text: String)?

    init(latest: CalendarDate) { self.latest = latest }

    /// Takes in a time, or the date of one.
    mutating func add(_ text: String, line: Int) {
        if let number = WrittenNumber(text) {
            units[number.likelyUnit, default: 0] += 1
        } else if let time = WrittenTime(text), case .numbers(_, _, _, let orders) = time.day {
            add(time, orders, text, line)
        }
    }

    private mutating func add(_ time: WrittenTime, _ orders: [WrittenTime.Order], _ text: String, _ line: Int) {
        // A bar is never in the future, so a date to come was not meant.
        let dates = orders.compactMap { order in
            time.date(order).flatMap { $0 <= latest ? (order: order, date: $0) : nil }
        }
        guard let first = dates.first else { return }
        if dates.count == 1 {
            if orders.count > 1, candidates[first.order]?.proof == nil {
                candidates[first.order, default: Candidate()].proof = line
            }
        } else if ambiguous == nil, dates.contains(where: { $0.date != first.date }) {
            ambiguous = (line, text)
        }
        for (order, date) in dates {
            var candidate = candidates[order, default: Candidate()]
            if let last = candidate.last {
                if date < last { candidate.isAscending = false }
                if date > last { candidate.isDescending = false }
            }
            candidate.last = date
            candidates[order] = candidate
        }
    }

    /// Returns how the times are to be read.
    /// - Throws: `ImportFault` naming `--date-format` where the dates contradict each other or leave the order open.
    func column() throws(ImportFault) -> TimeColumn {
        var column = TimeColumn()
        // Whatever most of the numbers count, a stray one cannot change.
        if let unit = units.max(by: { ($0.value, "\($1.key)") < ($1.value, "\($0.key)") })?.key { column.unit = unit }
        column.order = try order()
        return column
    }

    private func order() throws(ImportFault) -> WrittenTime.Order? {
        let certain = candidates.filter { $0.value.proof != nil }.sorted { $0.key.rawValue < $1.key.rawValue }
        if certain.count == 1 { return certain[0].key }
        if certain.count > 1 {
            let lines = certain.map { "line \($0.value.proof ?? 0) can only be \($0.key.rawValue)" }
            throw ImportFault("dates of two orders: \(lines.joined(separator: ", ")); use --date-format")
        }
        guard let ambiguous else { return candidates.keys.min { $0.rawValue < $1.rawValue } }
        let monotonic = candidates.filter(\.value.isMonotonic).map(\.key)
        if monotonic.count == 1 { return monotonic[0] }
        let choices = candidates.keys.map(\.rawValue).sorted().joined(separator: " or --date-format ")
        throw ImportFault(
            "the date '\(ambiguous.text)' is ambiguous, and so is every other; use --date-format \(choices)",
            line: ambiguous.line)
    }
}
