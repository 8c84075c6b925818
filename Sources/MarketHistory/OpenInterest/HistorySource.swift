package import MarketData
import MarketStore

/// The source of a history: the one with the most snapshots; on a tie, the first in failover order.
struct HistorySource {
    /// The source shown; `nil` where there is nothing.
    let source: Provenance.Source?
    /// The stamps of it that the store had when it was looked into.
    let stored: Set<Timestamp>
    /// Its snapshots that are missing from the store; stored ones take precedence over repeated ones.
    let onlyGiven: [OpenInterestSnapshot]
    private let count: Int

    init(stored: [SnapshotStamp], given: [OpenInterestSnapshot]) {
        var known = Dictionary(grouping: stored, by: \.source).mapValues { Set($0.map(\.asOf)) }
        var counts = known.mapValues(\.count)
        var fresh: [Provenance.Source: [OpenInterestSnapshot]] = [:]
        for snapshot in given {
            let source = snapshot.provenance.source
            guard known[source, default: []].insert(snapshot.provenance.asOf).inserted else { continue }
            fresh[source, default: []].append(snapshot)
            counts[source, default: 0] += 1
        }
        source = Provenance.Source.withMost(counts)
        self.stored = Set(stored.filter { [source] in $0.source == source }.map(\.asOf))
        onlyGiven = source.flatMap { fresh[$0] } ?? []
        count = source.flatMap { counts[$0] } ?? 0
    }

    /// - Throws: `MarketDataError` `tooLarge`.
    func checkLength(of symbol: Symbol, within range: TimeRange) throws(MarketDataError) {
        guard count > OpenInterestCache.largestHistory else { return }
        throw MarketDataError(
            .tooLarge,
            "there are more than \(OpenInterestCache.largestHistory) snapshots of \(symbol) between \(range.from) and "
                + "\(range.to); request a shorter range")
    }
}

/// The daily closes of a source that are missing from a range, from the stored stamps. Pure.
package struct MissingCloses {
    /// The trading days of the chain that closed within the range, ascending.
    private let days: [CalendarDate]
    private let stamps: [SnapshotStamp]
    private let calendar: TradingCalendar

    /// - Parameters:
    ///   - expiry: Days after it are left out.
    ///   - now: So are those that have not closed.
    init(
        of expiry: CalendarDate, within range: TimeRange, stamps: [SnapshotStamp], calendar: TradingCalendar,
        now: Timestamp
    ) {
        var days: [CalendarDate] = []
        let listed = calendar.timestamp(
            expiry.advanced(byDays: -MissingCloses.longestListing), ClockTime(secondsAfterMidnight: 0))
        var day = calendar.date(at: max(range.from, listed))
        let last = min(calendar.date(at: min(range.to, now)), expiry)
        while day <= last {
            if let closes = calendar.session(on: day, segment: .derivatives)?.closes, closes >= range.from,
                closes < range.to, closes <= now
            {
                days.append(day)
            }
            day = day.advanced(byDays: 1)
        }
        self.days = days
        self.stamps = stamps
        self.calendar = calendar
    }

    /// The days to request; none if the source's series cannot become the longest, which is the one shown.
    package func days(of source: Provenance.Source) -> [CalendarDate] {
        let had = Set(stamps.filter { $0.source == source && $0.mode == .endOfDay && isClose($0.asOf) }.map(date))
        let missing = days.filter { !had.contains($0) }
        var counts = Dictionary(grouping: stamps, by: \.source).mapValues(\.count)
        counts[source, default: 0] += missing.count
        return Provenance.Source.withMost(counts) == source ? missing : []
    }

    /// Contracts of half years reach five years ahead; a day before that has no close of them.
    private static let longestListing = 2_200

    private func date(_ stamp: SnapshotStamp) -> CalendarDate { calendar.date(at: stamp.asOf) }

    private func isClose(_ moment: Timestamp) -> Bool {
        calendar.session(on: calendar.date(at: moment), segment: .derivatives).map { moment >= $0.closes } ?? false
    }
}
