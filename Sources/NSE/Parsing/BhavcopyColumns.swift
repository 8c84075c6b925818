import JSON
import MarketData
import SourceHTTP

/// The two formats of the daily file, which differ in address, columns and spelling.
enum BhavcopyFormat: Hashable, Sendable {
    /// Since 2024-07-08: ISO dates, the price of the underlying and the lot.
    case udiff
    /// Before: English dates, neither the price of the underlying nor the lot.
    case historical

    /// The format of a day's file.
    init(of date: CalendarDate) { self = date >= BhavcopyFormat.firstDayOfUDiFF ? .udiff : .historical }

    /// The format that a header shows.
    init(_ reader: CSVReader) { self = reader.has("INSTRUMENT") ? .historical : .udiff }

    /// 2024-07-08.
    static let firstDayOfUDiFF = CalendarDate(daysSinceEpoch: 19_912)

    var tradingDate: String { self == .udiff ? "TradDt" : "TIMESTAMP" }
    var kind: String { self == .udiff ? "FinInstrmTp" : "INSTRUMENT" }
    var code: String { self == .udiff ? "TckrSymb" : "SYMBOL" }
    var expiry: String { self == .udiff ? "XpryDt" : "EXPIRY_DT" }
    var strike: String { self == .udiff ? "StrkPric" : "STRIKE_PR" }
    var side: String { self == .udiff ? "OptnTp" : "OPTION_TYP" }
    var close: String { self == .udiff ? "ClsPric" : "CLOSE" }
    var openInterest: String { self == .udiff ? "OpnIntrst" : "OPEN_INT" }
    var change: String { self == .udiff ? "ChngInOpnIntrst" : "CHG_IN_OI" }
    var volume: String { self == .udiff ? "TtlTradgVol" : "CONTRACTS" }
    /// `nil` if the format has none.
    var spot: String? { self == .udiff ? "UndrlygPric" : nil }
    /// `nil` if the format has none.
    var lot: String? { self == .udiff ? "NewBrdLotQty" : nil }

    /// How options on indices and on shares are called; anything else is a future.
    var options: Set<String> { self == .udiff ? ["IDO", "STO"] : ["OPTIDX", "OPTSTK"] }
}

/// The indices of the needed columns, and how the fields of a line are read.
struct BhavcopyColumns {
    private let format: BhavcopyFormat
    private let tradingDate: Int
    private let kind: Int
    private let code: Int
    private let expiry: Int
    private let strike: Int
    private let side: Int
    private let close: Int
    private let openInterest: Int
    private let change: Int
    private let volume: Int
    private let spot: Int?
    private let lot: Int?
    /// A file repeats a few dates some ten thousand times.
    private var dates: [ArraySlice<UInt8>: CalendarDate] = [:]

    /// - Throws: `UnreadableField`, naming a column that is missing.
    init(_ table: CSVReader) throws(UnreadableField) {
        format = BhavcopyFormat(table)
        tradingDate = try table.index(of: format.tradingDate)
        kind = try table.index(of: format.kind)
        code = try table.index(of: format.code)
        expiry = try table.index(of: format.expiry)
        strike = try table.index(of: format.strike)
        side = try table.index(of: format.side)
        close = try table.index(of: format.close)
        openInterest = try table.index(of: format.openInterest)
        change = try table.index(of: format.change)
        volume = try table.index(of: format.volume)
        spot = if let name = format.spot { try table.index(of: name) } else { nil }
        lot = if let name = format.lot { try table.index(of: name) } else { nil }
    }

    /// The trading day of a line.
    mutating func tradingDate(_ table: CSVReader) throws(UnreadableField) -> CalendarDate {
        try date(table, tradingDate, format.tradingDate)
    }

    /// The option of a line; `nil` for a future.
    mutating func option(
        _ table: CSVReader
    ) throws(UnreadableField) -> (chain: Bhavcopy.Chain, row: Bhavcopy.Row)? {
        guard format.options.contains(table.text(kind)) else { return nil }
        guard let price = try table.number(strike, format.strike), let strike = Strike(price) else {
            throw UnreadableField("\(table.place), \(format.strike)", "expected a strike price")
        }
        let interest = try table.number(openInterest, format.openInterest)
        guard interest ?? 0 >= 0 else {
            throw UnreadableField("\(table.place), \(format.openInterest)", "it is below 0")
        }
        let traded = try table.number(volume, format.volume)
        guard traded ?? 0 >= 0 else { throw UnreadableField("\(table.place), \(format.volume)", "it is below 0") }
        let wasTraded = traded ?? 0 > 0
        let row = Bhavcopy.Row(
            strike: strike, isCall: try isCall(table), openInterest: interest,
            change: try table.number(change, format.change),
            volume: traded,
            close: wasTraded ? try table.positive(close, format.close) : nil,
            spot: try spot.flatMap { (index) throws(UnreadableField) -> Double? in
                try table.positive(index, format.spot ?? "")
            },
            lotSize: try lot.flatMap { (index) throws(UnreadableField) -> Int? in try lotSize(table, index) },
            line: table.line
        )
        return (Bhavcopy.Chain(code: table.text(code), expiry: try date(table, expiry, format.expiry)), row)
    }

    /// CE and PE; until 2011 options on shares were American, CA and PA.
    private func isCall(_ table: CSVReader) throws(UnreadableField) -> Bool {
        switch table.text(side) {
        case "CE", "CA": return true
        case "PE", "PA": return false
        case let other:
            throw UnreadableField("\(table.place), \(format.side)", "expected CE or PE, found '\(other.prefix(20))'")
        }
    }

    private func lotSize(_ table: CSVReader, _ index: Int) throws(UnreadableField) -> Int? {
        try table.positive(index, format.lot ?? "").flatMap { Int(exactly: $0) }
    }

    private mutating func date(
        _ table: CSVReader, _ index: Int, _ name: String
    ) throws(UnreadableField) -> CalendarDate {
        let field = table.bytes(index)
        if let known = dates[field] { return known }
        let text = table.text(index)
        guard let date = CalendarDate(text) ?? SourceDate.date(text) else {
            throw UnreadableField(
                "\(table.place), \(name)", "expected a date such as 2026-09-16, found '\(text.prefix(20))'")
        }
        if dates.count < 512 { dates[field] = date }
        return date
    }
}
