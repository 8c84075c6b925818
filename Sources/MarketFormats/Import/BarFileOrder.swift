import Foundation
import MarketData

/// Puts the bars of a file in order, and checks them against each other and the calendar.
struct BarFileOrder {
    private let series: BarFileSeries
    private let options: BarFileOptions

    init(_ series: BarFileSeries, _ options: BarFileOptions) {
        self.series = series
        self.options = options
    }

    /// Adds the bars, oldest first, and the notes on them.
    /// - Throws: `ImportFault` for bars that cannot be, or that are not of this series' interval.
    func arrange(_ rows: [ParsedBar], into contents: inout BarFileContents) throws(ImportFault) {
        var rows = inOrder(rows, &contents.notes)
        try check(rows)
        var skipped = contents.skipped
        let reject = { [options] (fault: ImportFault) throws(ImportFault) in
            guard options.skipsInvalid else { throw fault }
            skipped.append(fault)
        }
        var kept: [ParsedBar] = []
        kept.reserveCapacity(rows.count)
        var repeated = 0
        for row in rows {
            if row.bar.time > series.now {
                try reject(ImportFault("\(row.bar.time) is in the future", line: row.line))
            } else if let last = kept.last, last.bar.time == row.bar.time {
                guard !last.bar.isSame(as: row.bar) else {
                    repeated += 1
                    continue
                }
                try reject(
                    ImportFault(
                        "line \(last.line) has other values for the same \(series.interval.isIntraday ? "time" : "period")",
                        line: row.line))
            } else {
                kept.append(row)
            }
        }
        rows = kept
        contents.skipped = skipped.sorted { ($0.line ?? 0) < ($1.line ?? 0) }
        if repeated > 0 { contents.notes.append("\(repeated) repeated rows were left out") }
        contents.notes += impossible(rows)
        contents.notes += try unexpected(rows)
        contents.bars = rows.map(\.bar)
        contents.saysLastIsFinal = rows.last?.saysFinal ?? false
    }

    private func inOrder(_ rows: [ParsedBar], _ notes: inout [String]) -> [ParsedBar] {
        let steps = zip(rows, rows.dropFirst())
        let descending = steps.count { $0.bar.time > $1.bar.time }
        var rows = rows
        if descending * 2 > rows.count - 1 { rows.reverse() }
        // When clocks are set back, an hour repeats; a time that is not after the previous row is in the second one.
        for index in rows.indices.dropFirst() {
            if let second = rows[index].secondTime, rows[index].bar.time <= rows[index - 1].bar.time {
                rows[index].bar.time = second
            }
        }
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy { $0.bar.time <= $1.bar.time }
        if !isSorted {
            rows = rows.enumerated().sorted { ($0.element.bar.time, $0.offset) < ($1.element.bar.time, $1.offset) }
                .map(\.element)
            notes.append("the rows were not in order of time; they were sorted")
        } else if descending * 2 > rows.count - 1, rows.count > 1 {
            notes.append("the rows were newest first; they were sorted")
        }
        return rows
    }

    /// - Throws: `ImportFault` where most rows show that the interval is another.
    private func check(_ rows: [ParsedBar]) throws(ImportFault) {
        guard rows.count > 1 else { return }
        guard let seconds = series.interval.seconds else {
            let doubled = zip(rows, rows.dropFirst()).count {
                $0.bar.time == $1.bar.time && !$0.bar.isSame(as: $1.bar)
            }
            guard doubled * 2 <= rows.count else {
                throw ImportFault("most rows share a period of \(series.interval) with another; is --interval right?")
            }
            return
        }
        let steps = zip(rows, rows.dropFirst()).map { $1.bar.time.seconds - $0.bar.time.seconds }.filter { $0 > 0 }
        let shorter = steps.filter { $0 < seconds }
        guard shorter.count * 2 <= steps.count else {
            let usual = Dictionary(grouping: shorter) { $0 }.max { $0.value.count < $1.value.count }?.key ?? 0
            throw ImportFault(
                "most bars are only \(usual) s after the one before, and --interval says \(series.interval)")
        }
        if rows.allSatisfy(\.isMidnight), steps.allSatisfy({ $0 >= 86_400 - 7_200 }) {
            throw ImportFault("every bar is at midnight, a day or more apart; is this --interval 1d?")
        }
    }

    /// A note of the bars whose prices or volume cannot have been; they are kept as they are.
    private func impossible(_ rows: [ParsedBar]) -> [String] {
        let found = rows.filter { row in
            let bar = row.bar
            return bar.high < max(bar.open, bar.close, bar.low) || bar.low > min(bar.open, bar.close)
                || (bar.volume ?? 0) < 0
        }
        guard !found.isEmpty else { return [] }
        let lines = BarFileReader.list(found.map { "line \($0.line) (\($0.bar.time))" })
        let what = "with a high below the low, a price outside them, or a negative volume"
        return ["\(found.count) impossible bars, \(what): \(lines)"]
    }

    /// A shorter session is a special one, of which a table may know only a part.
    private static let usualSession: Int64 = 4 * 3_600

    /// What the bars of one day have to do with the sessions of the calendar.
    private struct Day {
        var bars = 0
        var outside = 0
        var first: Timestamp
        var last: Timestamp

        /// Whether most bars lie outside the sessions.
        var isOutside: Bool { outside * 2 > bars }
    }

    /// Whether the calendar says where the bars of a day open, and the day is not a special session.
    private func isUsual(_ day: Day, _ date: CalendarDate, _ boundaries: BarBoundaries) -> Bool {
        let calendar = boundaries.calendar
        guard calendar.isTradingDay(date) else { return false }
        guard calendar.isEvidence(for: date, segment: boundaries.segment) else {
            // Nothing is known of special sessions in such a year, and they are short.
            return day.last.seconds - day.first.seconds >= BarFileOrder.usualSession
        }
        let hours = calendar.hours(on: date, segment: boundaries.segment)
        return Int64(hours.closes.secondsAfterMidnight - hours.opens.secondsAfterMidnight) >= BarFileOrder.usualSession
    }

    /// A note of the bars outside the hours that the calendar knows. They are real: a calendar need not know each session.
    /// - Throws: `ImportFault` where most usual days have other hours and no zone was given, since then the zone is wrong;
    ///   or where bars open between the openings of bars of their interval.
    private func unexpected(_ rows: [ParsedBar]) throws(ImportFault) -> [String] {
        guard let boundaries = series.boundaries else { return [] }
        let calendar = boundaries.calendar
        var (outside, days): ([ParsedBar], [CalendarDate: Day]) = ([], [:])
        for row in rows {
            let date = calendar.date(at: row.bar.time)
            var day = days[date] ?? Day(first: row.bar.time, last: row.bar.time)
            day.bars += 1
            day.last = row.bar.time
            let isExpected =
                series.interval.isIntraday
                ? boundaries.bar(containing: row.bar.time)?.from == row.bar.time : calendar.isTradingDay(date)
            if !isExpected {
                outside.append(row)
                day.outside += 1
            }
            days[date] = day
        }
        guard let first = outside.first else { return [] }
        let usual = series.interval.isIntraday ? days.filter { isUsual($0.value, $0.key, boundaries) } : [:]
        try checkOpenings(outside, usual, boundaries)
        let wrong = usual.values.count(where: \.isOutside)
        if wrong * 2 > usual.count, !series.isZoneGiven {
            throw ImportFault(
                "on \(wrong) of \(usual.count) days most bars are outside the sessions of the exchange's calendar, the first "
                    + "at \(first.bar.time); check --interval and --time-zone, and if the times are right give --time-zone "
                    + "\(series.zone?.identifier ?? "UTC")", line: first.line)
        }
        return [
            "\(outside.count) bars outside the sessions of the calendar, the first at \(first.bar.time) (line "
                + "\(first.line)); they were imported; a calendar file (calendar.json in BHAV_DATA, or BHAV_CALENDAR) can "
                + "list such sessions"
        ]
    }

    /// - Throws: `ImportFault` where most bars of the usual days open at times at which no bar of this interval does.
    private func checkOpenings(
        _ outside: [ParsedBar], _ usual: [CalendarDate: Day], _ boundaries: BarBoundaries
    ) throws(ImportFault) {
        let calendar = boundaries.calendar
        let misaligned = outside.filter { row in
            let date = calendar.date(at: row.bar.time)
            return usual[date] != nil && calendar.isEvidence(for: date, segment: boundaries.segment)
                && boundaries.place(of: row.bar.time).bar.from != row.bar.time
        }
        let bars = usual.values.reduce(0) { $0 + $1.bars }
        guard let first = misaligned.first, misaligned.count * 2 > bars else { return }
        throw ImportFault(
            "\(misaligned.count) of \(bars) bars do not open where bars of \(series.interval) open by the exchange's "
                + "calendar, the first at \(first.bar.time); check --interval, or list special sessions in a calendar file "
                + "(calendar.json in BHAV_DATA, or BHAV_CALENDAR)", line: first.line)
    }
}

extension Bar {
    /// Whether the values are equal, ignoring whether they are final.
    fileprivate func isSame(as other: Bar) -> Bool {
        var copy = other
        copy.isFinal = isFinal
        return copy == self
    }
}
