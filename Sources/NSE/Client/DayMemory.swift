import MarketData

/// What the archive's files of past days told, for as long as the process lives: whole files of the days asked for
/// last, and the snapshots made of all. Bounded; what was used longest ago goes first.
struct DayMemory: Sendable {
    /// One snapshot of a day.
    struct Key: Hashable, Sendable {
        var day: CalendarDate
        var symbol: Symbol
        var expiry: CalendarDate
    }

    private var files = RecentValues<CalendarDate, Bhavcopy>(capacity: 8)
    private var snapshots = RecentValues<Key, OpenInterestSnapshot>(capacity: 1024)
    private var missing = RecentValues<CalendarDate, Timestamp>(capacity: 1024)

    /// A day's file.
    mutating func file(_ day: CalendarDate) -> Bhavcopy? { files.value(day) }

    mutating func keep(_ file: Bhavcopy) { files.keep(file, for: file.tradingDate) }

    /// A snapshot made before.
    mutating func snapshot(_ key: Key) -> OpenInterestSnapshot? { snapshots.value(key) }

    mutating func keep(_ snapshot: OpenInterestSnapshot, for key: Key) { snapshots.keep(snapshot, for: key) }

    /// Whether the archive had no file of a day when it was asked, not long ago.
    mutating func isMissing(_ day: CalendarDate, at now: Timestamp) -> Bool {
        missing.value(day).map { now < $0 } ?? false
    }

    mutating func noteMissing(_ day: CalendarDate, until end: Timestamp) { missing.keep(end, for: day) }
}
