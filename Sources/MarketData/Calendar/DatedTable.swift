/// Values that came into force on given days, such as session hours, lots and expiry weekdays.
public struct DatedTable<Value: Sendable>: Sendable {
    /// A value and the first day on which it holds.
    public struct Entry: Sendable {
        /// The first day.
        public let since: CalendarDate
        /// What holds from then on.
        public let value: Value
    }

    /// Ascending by day.
    public let entries: [Entry]

    /// A table that begins with a value that always held, and goes on with later ones by their first day, `YYYY-MM-DD`.
    ///
    /// Text that is no date is left out; the tests check that no table loses an entry.
    public init(_ first: Value, _ later: [(since: String, value: Value)] = []) {
        let start = Entry(since: CalendarDate(daysSinceEpoch: .min), value: first)
        let rest = later.compactMap { entry in
            CalendarDate(entry.since).map { Entry(since: $0, value: entry.value) }
        }
        entries = [start] + rest.sorted { $0.since < $1.since }
    }

    init(entries: [Entry]) { self.entries = entries }

    /// This table with other entries over it: those of the same day in place of its own, the others between.
    func overlaid(with later: [CalendarDate: Value]) -> DatedTable {
        let kept = entries.filter { later[$0.since] == nil }
        let added = later.map { Entry(since: $0.key, value: $0.value) }
        return DatedTable(entries: (kept + added).sorted { $0.since < $1.since })
    }

    /// The same days with other values.
    func map<Other>(_ change: (Value) -> Other) -> DatedTable<Other> {
        DatedTable<Other>(entries: entries.map { .init(since: $0.since, value: change($0.value)) })
    }

    /// What holds on a day.
    public subscript(date: CalendarDate) -> Value {
        var index = entries.count - 1
        while index > 0, date < entries[index].since { index -= 1 }
        return entries[index].value
    }
}
