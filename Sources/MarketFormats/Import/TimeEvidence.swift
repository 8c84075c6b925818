import MarketData

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
        let proven = candidates.filter { $0.value.proof != nil }.sorted { $0.key.rawValue < $1.key.rawValue }
        if proven.count == 1 { return proven[0].key }
        if proven.count > 1 {
            let lines = proven.map { "line \($0.value.proof ?? 0) can only be \($0.key.rawValue)" }
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
