package import MarketData
import MarketStore

/// Which closes of a range a store lacks, of a source that tells one a day: pure, from the stamps that are there.
package struct LackingCloses {
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
            expiry.advanced(byDays: -LackingCloses.longestListing), ClockTime(secondsAfterMidnight: 0))
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

    /// The days to ask a source for; none where they could not make its series the longest, which is the one shown.
    package func days(of source: Provenance.Source) -> [CalendarDate] {
        let had = Set(stamps.filter { $0.source == source && $0.mode == .endOfDay && isClose($0.asOf) }.map(date))
        let lacking = days.filter { !had.contains($0) }
        var counts = Dictionary(grouping: stamps, by: \.source).mapValues(\.count)
        counts[source, default: 0] += lacking.count
        return Provenance.Source.withMost(counts) == source ? lacking : []
    }

    /// Contracts of half years reach five years ahead; a day before that has no close of them.
    private static let longestListing = 2_200

    private func date(_ stamp: SnapshotStamp) -> CalendarDate { calendar.date(at: stamp.asOf) }

    private func isClose(_ moment: Timestamp) -> Bool {
        calendar.session(on: calendar.date(at: moment), segment: .derivatives).map { moment >= $0.closes } ?? false
    }
}
