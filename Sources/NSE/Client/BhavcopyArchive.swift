import Logging
import MarketData
import SourceHTTP
import Synchronization

/// Open interest of past days out of the exchange's daily files, one file at a time.
final class BhavcopyArchive: Sendable {
    private let connection: ArchiveConnection
    private let queue: SiteQueue
    private let timeout: Duration
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let cache = Mutex(DayCache())

    init(_ connection: ArchiveConnection, timeout: Duration, logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        self.connection = connection
        self.queue = SiteQueue(connection.site)
        self.timeout = timeout
        self.logger = logger
        self.now = now
    }

    /// The newest closing snapshot that was there at a moment, of the expiry that is the nearest then unless one is
    /// named.
    /// - Throws: `MarketDataError`: `noDataForTime` where the day's file is not there, `expiryNotListed`.
    func snapshot(_ request: OpenInterestRequest, at moment: Timestamp) async throws -> OpenInterestSnapshot {
        let date = IndianTime.date(moment)
        return try await newest(by: moment) { day in
            try await snapshot(of: request.symbol, expiry: request.expiry, on: day, orNearestFrom: date)
        }
    }

    /// The expiries in the newest file that was there at a moment, without those that had expired by then.
    /// - Throws: `MarketDataError`: `noDataForTime` where the day's file is not there, `notSupported` where it lists none.
    func expiries(of symbol: Symbol, at moment: Timestamp) async throws -> ExpiryList {
        let date = IndianTime.date(moment)
        return try await newest(by: moment) { day in
            guard let file = try await file(of: day) else { return nil }
            let listed = file.expiries(of: symbol).filter { $0 >= date }
            guard !listed.isEmpty else { throw BhavcopyArchive.noOptions(of: symbol, on: day) }
            let close = ClosedDays(calendar: .nse).close(of: day)
            return ExpiryList(
                symbol: symbol, expiries: listed, standard: nil,
                provenance: Provenance(
                    source: .nse, feed: "F&O bhavcopy", mode: .endOfDay, delaySeconds: nil, asOf: close))
        }
    }

    /// What is read from the file of the newest trading day that was over at a moment.
    private func newest<Value>(
        by moment: Timestamp, read: (CalendarDate) async throws -> Value?
    ) async throws -> Value {
        let days = ClosedDays(calendar: .nse)
        var day = days.latest(by: moment)
        try checkBeginning(day)
        for _ in 0..<BhavcopyArchive.longestClosure {
            if let found = try await read(day) { return found }
            // Where the year's holidays are not known, a day without a file is taken for one.
            guard !IndianHolidays.listedYears.contains(day.parts.year) else { throw missing(day) }
            day = days.calendar.tradingDay(before: day)
        }
        throw missing(day)
    }

    /// The closing snapshots of one expiry, of the days that closed within a range and listed it; without an expiry the
    /// nearest at the range's end.
    /// - Throws: `MarketDataError`: `tooLarge` for more than `ClosedDays.most` days, `noDataForTime` without any.
    func history(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        let end = min(range.to, Timestamp(milliseconds: now().milliseconds + 1))
        let wanted = try days(within: TimeRange(from: range.from, to: end), until: expiry)
        return try await snapshots(of: symbol, expiry: expiry, on: wanted, orNearestFrom: IndianTime.date(end))
    }

    /// The closing snapshots of one expiry on some trading days, ascending, without those that did not list it.
    /// - Throws: `MarketDataError`: `tooLarge` for more than `ClosedDays.most` days, `noDataForTime` without any.
    func snapshots(
        of symbol: Symbol, expiry: CalendarDate, on days: [CalendarDate]
    ) async throws -> [OpenInterestSnapshot] {
        guard let first = days.first, let last = days.last else { return [] }
        try checkCount(days)
        try checkBeginning(first)
        return try await snapshots(of: symbol, expiry: expiry, on: days, orNearestFrom: last)
    }

    private func snapshots(
        of symbol: Symbol, expiry: CalendarDate?, on wanted: [CalendarDate], orNearestFrom date: CalendarDate
    ) async throws -> [OpenInterestSnapshot] {
        var expiry = expiry
        var snapshots: [OpenInterestSnapshot] = []
        var refusal: MarketDataError?
        for day in wanted.reversed() {
            do {
                // The last day decides which expiry was the nearest; the others are read for the same expiry.
                let found = try await snapshot(of: symbol, expiry: expiry, on: day, orNearestFrom: max(day, date))
                guard let found else {
                    logger.notice("nse archive has no file of a day", metadata: ["day": "\(day)"])
                    continue
                }
                expiry = found.expiry
                snapshots.append(found)
            } catch let error as MarketDataError where [.expiryNotListed, .noDataForTime].contains(error.code) {
                // The newest file may not be there yet, and the oldest ones may not list the expiry yet, like older
                // ones.
                refusal = refusal ?? error
                if error.code == .expiryNotListed { break }
            }
        }
        guard snapshots.isEmpty else { return snapshots.reversed() }
        throw refusal ?? missing(wanted[wanted.count - 1])
    }

    private func days(within range: TimeRange, until expiry: CalendarDate?) throws(MarketDataError) -> [CalendarDate] {
        let all = ClosedDays(calendar: .nse).days(within: range)
        let days = all.filter { $0 <= expiry ?? $0 }
        guard let first = days.first else {
            throw MarketDataError(
                .noDataForTime,
                "no trading day closed from \(range.from) to \(range.to)"
                    + (expiry.map { " before the options of \($0) had expired" } ?? "")
                    + "; NSE's files have closing values only", source: .nse)
        }
        try checkCount(all)
        try checkBeginning(first)
        return days
    }

    private func checkCount(_ days: [CalendarDate]) throws(MarketDataError) {
        guard days.count <= ClosedDays.most else {
            throw MarketDataError(
                .tooLarge,
                "the range holds more than \(ClosedDays.most) trading days, each a separate file; request a "
                    + "shorter one", source: .nse)
        }
    }

    /// A day's snapshot, out of cache where it was made before; `nil` if the archive has no file of the day.
    private func snapshot(
        of symbol: Symbol, expiry: CalendarDate?, on day: CalendarDate, orNearestFrom date: CalendarDate
    ) async throws -> OpenInterestSnapshot? {
        if let expiry {
            let key = DayCache.Key(day: day, symbol: symbol, expiry: expiry)
            if let known = cache.withLock({ $0.snapshot(key) }) { return known }
        }
        guard let file = try await file(of: day) else { return nil }
        let listed = file.expiries(of: symbol)
        guard let expiry = expiry ?? listed.first(where: { $0 >= date }) ?? listed.last else {
            throw BhavcopyArchive.noOptions(of: symbol, on: day)
        }
        let snapshot = try file.snapshot(of: symbol, expiry: expiry)
        cache.withLock { $0.keep(snapshot, for: DayCache.Key(day: day, symbol: symbol, expiry: expiry)) }
        return snapshot
    }

    /// A day's file, out of cache where it was read before; `nil` if the archive has none.
    func file(of day: CalendarDate) async throws -> Bhavcopy? {
        try await queue.inTurn(within: timeout) { deadline in try await self.fetch(day, before: deadline) }
    }

    private func fetch(_ day: CalendarDate, before deadline: ContinuousClock.Instant) async throws -> Bhavcopy? {
        if let known = cache.withLock({ $0.file(day) }) { return known }
        let isAwaited = day >= ClosedDays(calendar: .nse).latest(by: now())
        if !cache.withLock({ $0.isMissing(day, at: now()) }) {
            let file = ArchiveFile.bhavcopy(of: day)
            if let bytes = try await connection.bytes(of: file, before: deadline) {
                let read = try read(bytes, as: file, of: day)
                cache.withLock { $0.keep(read) }
                return read
            }
            cache.withLock { $0.noteMissing(day, until: now().advanced(bySeconds: isAwaited ? 600 : 86_400)) }
        }
        guard !isAwaited else { throw notPublished(day) }
        return nil
    }

    private func read(_ bytes: [UInt8], as file: ArchiveFile, of day: CalendarDate) throws(MarketDataError) -> Bhavcopy
    {
        let csv: [UInt8]
        do throws(ZipFault) {
            csv = try ZipFile(bytes).content()
        } catch {
            throw connection.error(error.words, in: file)
        }
        let read = try Bhavcopy(csv: csv)
        guard read.tradingDate == day else {
            throw connection.error("it is of \(read.tradingDate)", in: file)
        }
        return read
    }

    private func notPublished(_ day: CalendarDate) -> MarketDataError {
        MarketDataError(
            .noDataForTime, "NSE has not published the F&O bhavcopy of \(day) yet; it comes in the evening",
            source: .nse, recovery: .retry(afterSeconds: 600))
    }

    private static func noOptions(of symbol: Symbol, on day: CalendarDate) -> MarketDataError {
        MarketDataError(.notSupported, "NSE's bhavcopy of \(day) lists no options on \(symbol)", source: .nse)
    }

    private func missing(_ day: CalendarDate) -> MarketDataError {
        MarketDataError(
            .noDataForTime,
            "NSE's archive has no F&O bhavcopy of \(day), which was a trading day by the calendar; a holiday that it does "
                + "not know can be named in the calendar file", source: .nse)
    }

    private func checkBeginning(_ day: CalendarDate) throws(MarketDataError) {
        guard day < BhavcopyArchive.firstDay else { return }
        throw MarketDataError(
            .noDataForTime, "options have been traded at NSE since \(BhavcopyArchive.firstDay); \(day) is before that",
            source: .nse)
    }

    /// 2001-06-04, when options on the NIFTY began.
    private static let firstDay = CalendarDate(daysSinceEpoch: 11_477)
    /// Days without a file that are taken for holidays in a row.
    private static let longestClosure = 5
}

/// Which trading days were over by when: a day's file holds its close, and only that.
struct ClosedDays {
    let calendar: TradingCalendar

    /// The newest trading day whose derivatives had closed by an instant.
    func latest(by time: Timestamp) -> CalendarDate {
        let session = calendar.latestSession(at: time, segment: .derivatives)
        return session.closes <= time ? session.date : calendar.tradingDay(before: session.date)
    }

    /// The trading days that closed within a range, in order.
    func days(within range: TimeRange) -> [CalendarDate] {
        var days: [CalendarDate] = []
        var day = latest(by: Timestamp(milliseconds: range.to.milliseconds - 1))
        while range.from <= close(of: day), days.count <= ClosedDays.most {
            days.append(day)
            day = calendar.tradingDay(before: day)
        }
        return days.reversed()
    }

    /// When the derivatives of a trading day closed.
    func close(of day: CalendarDate) -> Timestamp {
        calendar.timestamp(day, calendar.hours(on: day, segment: .derivatives).closes)
    }

    /// How many days one query may reach over: a quarter of a year.
    static let most = 66
}

/// Cache of the archive's files of past days, for the life of the process: whole files of the days requested
/// last, and the snapshots built from them. Bounded; the least recently used entry is removed first.
struct DayCache: Sendable {
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

    /// Whether the archive had no file of a day at a recent request.
    mutating func isMissing(_ day: CalendarDate, at now: Timestamp) -> Bool {
        missing.value(day).map { now < $0 } ?? false
    }

    mutating func noteMissing(_ day: CalendarDate, until end: Timestamp) { missing.keep(end, for: day) }
}

/// A cache that removes the least recently used value.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private var kept: [Key: (value: Value, used: Int)] = [:]
    private var uses = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    mutating func value(_ key: Key) -> Value? {
        guard let entry = kept[key] else { return nil }
        uses += 1
        kept[key] = (entry.value, uses)
        return entry.value
    }

    mutating func keep(_ value: Value, for key: Key) {
        if kept[key] == nil, kept.count >= capacity, let oldest = kept.min(by: { $0.value.used < $1.value.used }) {
            kept[oldest.key] = nil
        }
        uses += 1
        kept[key] = (value, uses)
    }
}
