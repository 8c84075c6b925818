public import Foundation
public import MarketData

/// The series whose bars a file holds.
public struct BarFileSeries: Sendable {
    /// Whose bars.
    public var symbol: Symbol
    /// How long a bar is.
    public var interval: Interval
    /// The instrument as a source reported it; `nil` if none has yet.
    public var instrument: Instrument?
    /// Where bars are expected to open; `nil` if no calendar is known.
    public var boundaries: BarBoundaries?
    /// The zone of times without one; `nil` if unknown.
    public var zone: TimeZone?
    /// Whether the user gave the zone, so that times outside the usual sessions do not mean a wrong one.
    let isZoneGiven: Bool
    /// The present moment: no bar opens after it.
    public var now: Timestamp

    /// A series, by default in its exchange's zone.
    public init(
        symbol: Symbol, interval: Interval, instrument: Instrument? = nil, boundaries: BarBoundaries?,
        zone: TimeZone? = nil, now: Timestamp
    ) {
        self.symbol = symbol
        self.interval = interval
        self.instrument = instrument
        self.boundaries = boundaries
        isZoneGiven = zone != nil
        self.zone =
            zone ?? instrument?.timeZone.flatMap(TimeZone.init(identifier:)) ?? ExchangeZone.zone(of: symbol.exchange)
        self.now = now
    }

    /// Which trading day, week or month a bar of the file belongs to.
    var stamps: PeriodStamps {
        var instrument = instrument
        // Of an exchange that is not known here, the zone of the file is the best guess.
        if instrument == nil, let zone, ExchangeZone.zone(of: symbol.exchange) == nil {
            instrument = Instrument(symbol: symbol, timeZone: zone.identifier)
        }
        return PeriodStamps(interval: interval, symbol: symbol, instrument: instrument, boundaries: boundaries)
    }
}

/// How a file is to be read where it does not say it itself.
public struct BarFileOptions: Sendable {
    var columns: ColumnSpec?
    var pattern: DatePattern?
    /// The decimal mark; `nil` to decide by the numbers.
    public var decimal: DecimalMark?
    /// Whether invalid rows are counted and skipped instead of failing the file.
    public var skipsInvalid: Bool

    /// Reads the options.
    /// - Parameters:
    ///   - columns: `time,open,high,low,close,volume`, or `close=LTP,volume=Traded Qty`.
    ///   - dateFormat: `dd/mm/yyyy`, or `%d/%m/%Y %H:%M`.
    /// - Throws: `ImportFault`, naming the option.
    public init(
        columns: String? = nil, dateFormat: String? = nil, decimal: DecimalMark? = nil, skipsInvalid: Bool = false
    ) throws(ImportFault) {
        if let columns { self.columns = try ColumnSpec(columns) }
        if let dateFormat { pattern = try DatePattern(dateFormat) }
        self.decimal = decimal
        self.skipsInvalid = skipsInvalid
    }
}

/// The bars of a file, oldest first, each once.
public struct BarFileContents: Sendable {
    /// The bars.
    public var bars: [Bar] = []
    /// Whether the file states if the last bar is final.
    public var saysLastIsFinal = false
    /// The rows that were left out, with the reason of each.
    public var skipped: [ImportFault] = []
    /// What a user should know of the file, a sentence each.
    public var notes: [String] = []
}

/// Reads bars from a file that this or any other program wrote: csv in its dialects, JSON or ndjson.
public struct BarFileReader: Sendable {
    private let series: BarFileSeries
    private let options: BarFileOptions

    /// A reader for the bars of one series.
    public init(series: BarFileSeries, options: BarFileOptions) {
        self.series = series
        self.options = options
    }

    /// Returns the bars of a file.
    /// - Throws: `ImportFault`, naming the line where there is one.
    public func read(_ bytes: [UInt8]) throws(ImportFault) -> BarFileContents {
        let isIndian = ["NSE", "BSE", "MCX", "NCDEX"].contains(series.symbol.exchange)
        let table = try ImportTable(bytes, spec: options.columns, countsContracts: isIndian)
        let columns = try ImportColumns(header: table.header, spec: options.columns, names: names(_:))
        let (numbers, times) = try evidence(in: table, columns)
        var parser = BarRowParser(series, columns, times, numbers, fields: table.fields)
        var contents = BarFileContents()
        var rows: [ParsedBar] = []
        try table.forEach { (result) throws(ImportFault) in
            do throws(ImportFault) {
                let row = try result.get()
                rows.append(try parser.bar(row, names: names(_:)))
            } catch {
                guard options.skipsInvalid else {
                    throw ImportFault("\(error.message); --skip-invalid leaves such rows out", line: error.line)
                }
                contents.skipped.append(error)
            }
        }
        if rows.isEmpty, let first = contents.skipped.first {
            throw ImportFault("no row could be read; the first: \(first.message)", line: first.line)
        }
        guard !rows.isEmpty else { throw ImportFault("the file has a header and no bars") }
        if !columns.ignored.isEmpty { contents.notes.append("ignored columns: \(BarFileReader.list(columns.ignored))") }
        try BarFileOrder(series, options).arrange(rows, into: &contents)
        return contents
    }

    private func evidence(
        in table: ImportTable, _ columns: ImportColumns
    ) throws(ImportFault) -> (ImportNumbers, TimeSource) {
        var decimal = DecimalEvidence()
        var times = TimeSourceEvidence(
            columns, pattern: options.pattern, readsMonths: series.interval.unit == .month, now: series.now)
        let numeric = (ImportRole.prices + [.volume, .openInterest]).compactMap { role in
            columns[role].map { (index: $0, isPrice: ImportRole.prices.contains(role)) }
        }
        try table.forEach { (result) throws(ImportFault) in
            guard case .success(let row) = result else { return }
            times.add(row)
            guard options.decimal == nil else { return }
            for (index, isPrice) in numeric where row.fields.indices.contains(index) {
                decimal.add(row.fields[index], line: row.line, isPrice: isPrice)
            }
        }
        let mark =
            if let mark = options.decimal { mark } else {
                try decimal.mark(separatesByComma: table.separatesByComma)
            }
        return (ImportNumbers(decimal: mark), try times.source())
    }

    /// Whether a text names the symbol: with its exchange or without, or as Yahoo writes it.
    private func names(_ text: String) -> Bool {
        var name = text.uppercased()
        for suffix in [".NS", ".BO", "-INDEX"] where name.hasSuffix(suffix) { name.removeLast(suffix.count) }
        let plain = BarFileReader.plain(name)
        if plain == BarFileReader.plain(series.symbol.ticker) { return true }
        if plain == BarFileReader.plain(series.symbol.description) { return true }
        let exchange = "\(series.symbol.exchange):"
        let whole = name.hasPrefix(exchange) ? name : exchange + name
        return [text, name, whole, String(whole.dropFirst(exchange.count))].contains { text in
            (try? SymbolBook.symbol(text)) == series.symbol
        }
    }

    /// TradingView writes `M_M` for `M&M`, and `BAJAJ_AUTO` for `BAJAJ-AUTO`.
    private static func plain(_ name: String) -> String {
        name.replacing("&", with: "_").replacing("-", with: "_")
    }

    /// The first of some names, and how many more there are.
    static func list(_ names: [String]) -> String {
        let most = 12
        return names.prefix(most).joined(separator: ", ")
            + (names.count > most ? " and \(names.count - most) more" : "")
    }
}
