import Foundation
import MarketData

/// A bar of a file, before the file's rows are put in order.
struct ParsedBar {
    var bar: Bar
    let line: Int
    /// Whether the row says if the bar is final.
    let saysFinal: Bool
    /// The instant at which the clock shows the row's time once more, where it is set back.
    let secondTime: Timestamp?
    /// Whether the row gives a date, or midnight of one.
    let isMidnight: Bool
}

/// Turns the rows of a file into bars.
struct BarRowParser {
    private let series: BarFileSeries
    private let columns: ImportColumns
    private let source: TimeSource
    private let numbers: ImportNumbers
    /// How many fields a row has; `nil` if rows may be shorter, as objects are.
    private let fields: ClosedRange<Int>?
    private var openings: BarOpenings

    init(
        _ series: BarFileSeries, _ columns: ImportColumns, _ source: TimeSource, _ numbers: ImportNumbers,
        fields: ClosedRange<Int>?
    ) {
        self.series = series
        self.columns = columns
        self.source = source
        self.numbers = numbers
        self.fields = fields
        openings = BarOpenings(series, isUTC: columns.utc.contains(source.column))
    }

    /// Returns the bar of a row.
    /// - Throws: `ImportFault` with the row's line.
    mutating func bar(_ row: ImportRow, names: (String) -> Bool) throws(ImportFault) -> ParsedBar {
        if let fields,
            row.fields.count < fields.lowerBound
                || row.fields.dropFirst(fields.upperBound).contains(where: { !$0.isEmpty })
        {
            throw ImportFault("\(row.fields.count) fields, where the header names \(fields.lowerBound)", line: row.line)
        }
        if let symbol = text(.symbol, row), !symbol.isEmpty, !names(symbol) {
            throw ImportFault(
                "the row has the symbol '\(symbol.prefix(60))', but --symbol is \(series.symbol)", line: row.line)
        }
        let time = try source.time(row)
        let (opening, second) = try openings.opening(of: time, line: row.line)
        let isFinal = try isFinal(row)
        let bar = Bar(
            time: opening, open: try price(.open, row), high: try price(.high, row), low: try price(.low, row),
            close: try price(.close, row), volume: try amount(.volume, row),
            openInterest: try amount(.openInterest, row),
            isFinal: isFinal ?? true)
        return ParsedBar(
            bar: bar, line: row.line, saysFinal: isFinal != nil, secondTime: second, isMidnight: time.isMidnight)
    }

    private func text(_ role: ImportRole, _ row: ImportRow) -> String? {
        guard let column = columns[role], row.fields.indices.contains(column) else { return nil }
        return row.fields[column]
    }

    private func price(_ role: ImportRole, _ row: ImportRow) throws(ImportFault) -> Double {
        let text = text(role, row) ?? ""
        if let value = numbers.value(text) { return value }
        let fault =
            ImportNumbers.isMissing(text)
            ? "\(role.rawValue) is missing" : "\(role.rawValue) '\(text.prefix(60))' is not a number"
        throw ImportFault(fault, line: row.line)
    }

    private func amount(_ role: ImportRole, _ row: ImportRow) throws(ImportFault) -> Double? {
        guard let text = text(role, row), !ImportNumbers.isMissing(text) else { return nil }
        if let value = numbers.value(suffixed: text) { return value }
        throw ImportFault("\(role.rawValue) '\(text.prefix(60))' is not a number", line: row.line)
    }

    private func isFinal(_ row: ImportRow) throws(ImportFault) -> Bool? {
        switch text(.final, row)?.lowercased() {
        case nil, "": return nil
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        case let text?: throw ImportFault("final '\(text.prefix(60))' is neither true nor false", line: row.line)
        }
    }
}

/// Where the bars of a file open, from its rows.
struct BarOpenings {
    private let series: BarFileSeries
    private let stamps: PeriodStamps
    private var zone: WallClockZone?

    init(_ series: BarFileSeries, isUTC: Bool) {
        self.series = series
        stamps = series.stamps
        zone = (isUTC ? TimeZone(secondsFromGMT: 0) : series.zone).map { WallClockZone($0) }
    }

    /// Returns the opening of the bar that a time means, and where a clock that was set back shows it again, that too.
    ///
    /// A bar of a day or longer belongs to a trading day, however it is stamped: `PeriodStamps` decides.
    mutating func opening(
        of time: ReadTime, line: Int
    ) throws(ImportFault) -> (first: Timestamp, second: Timestamp?) {
        if series.interval.isIntraday { return try instants(time, line) }
        if case .written(let date, let millisecondOfDay, _) = time, (millisecondOfDay ?? 0) == 0 {
            return (stamps.opening(of: PeriodStamps.stamp(of: date)), nil)
        }
        return (stamps.opening(of: try instants(time, line).first), nil)
    }

    private mutating func instants(
        _ time: ReadTime, _ line: Int
    ) throws(ImportFault) -> (first: Timestamp, second: Timestamp?) {
        switch time {
        case .instant(let instant): return (instant, nil)
        case .written(let date, let millisecondOfDay?, let offset?):
            let milliseconds = Int64(date.daysSinceEpoch) * 86_400_000 + millisecondOfDay
            return (Timestamp(milliseconds: milliseconds - offset * 1000), nil)
        case .written(let date, let millisecondOfDay, _):
            guard let millisecondOfDay else {
                throw ImportFault(
                    "\(date) has no time of day, which bars of \(series.interval) need; for daily bars use "
                        + "--interval 1d", line: line)
            }
            guard let instants = zone?.instants(date, millisecondOfDay: millisecondOfDay) else {
                throw ImportFault(
                    "\(date) has no time zone, and that of \(series.symbol.exchange) is not known; use --time-zone, for "
                        + "example --time-zone UTC or --time-zone Asia/Kolkata", line: line)
            }
            return instants
        }
    }
}
