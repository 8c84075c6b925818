import MarketData
import PoliteHTTP

/// Where the columns of the UDiFF format stand that are needed here, and how their fields are read.
struct BhavcopyColumns {
    private let tradingDate: Int
    private let kind: Int
    private let code: Int
    private let expiry: Int
    private let strike: Int
    private let side: Int
    private let close: Int
    private let spot: Int
    private let openInterest: Int
    private let change: Int
    private let volume: Int
    private let lot: Int

    /// - Throws: `UnreadableField`, naming a column that is missing.
    init(_ table: CSVTable) throws(UnreadableField) {
        tradingDate = try table.index(of: "TradDt")
        kind = try table.index(of: "FinInstrmTp")
        code = try table.index(of: "TckrSymb")
        expiry = try table.index(of: "XpryDt")
        strike = try table.index(of: "StrkPric")
        side = try table.index(of: "OptnTp")
        close = try table.index(of: "ClsPric")
        spot = try table.index(of: "UndrlygPric")
        openInterest = try table.index(of: "OpnIntrst")
        change = try table.index(of: "ChngInOpnIntrst")
        volume = try table.index(of: "TtlTradgVol")
        lot = try table.index(of: "NewBrdLotQty")
    }

    /// The trading day of a line.
    func tradingDate(_ line: CSVTable.Line) throws(UnreadableField) -> CalendarDate {
        try date(line, tradingDate, "TradDt")
    }

    /// The option of a line; `nil` for a future.
    func option(_ line: CSVTable.Line) throws(UnreadableField) -> (chain: Bhavcopy.Chain, row: Bhavcopy.Row)? {
        // IDO and STO are options on indices and shares, IDF and STF futures on them.
        guard ["IDO", "STO"].contains(text(line, kind)) else { return nil }
        let side = text(line, side)
        guard side == "CE" || side == "PE" else {
            throw UnreadableField("\(line.place), OptnTp", "expected CE or PE, found '\(side.prefix(20))'")
        }
        guard let price = try number(line, strike, "StrkPric"), let strike = Strike(price) else {
            throw UnreadableField("\(line.place), StrkPric", "expected a strike price")
        }
        let interest = try number(line, openInterest, "OpnIntrst")
        guard interest ?? 0 >= 0 else { throw UnreadableField("\(line.place), OpnIntrst", "it is below 0") }
        let wasTraded = try number(line, volume, "TtlTradgVol").map { $0 > 0 } ?? false
        let row = Bhavcopy.Row(
            strike: strike, isCall: side == "CE", openInterest: interest,
            change: try number(line, change, "ChngInOpnIntrst"),
            close: wasTraded ? try positive(line, close, "ClsPric") : nil,
            spot: try positive(line, spot, "UndrlygPric"),
            lotSize: try positive(line, lot, "NewBrdLotQty").flatMap { Int(exactly: $0) }, line: line.number
        )
        let chain = Bhavcopy.Chain(code: String(text(line, code)), expiry: try date(line, expiry, "XpryDt"))
        return (chain, row)
    }

    private func text(_ line: CSVTable.Line, _ index: Int) -> Substring { line.fields[index] }

    private func date(_ line: CSVTable.Line, _ index: Int, _ name: String) throws(UnreadableField) -> CalendarDate {
        let text = text(line, index)
        guard let date = CalendarDate(text) ?? SourceDate.date(text) else {
            throw UnreadableField(
                "\(line.place), \(name)", "expected a date such as 2026-09-16, found '\(text.prefix(20))'")
        }
        return date
    }

    private func number(_ line: CSVTable.Line, _ index: Int, _ name: String) throws(UnreadableField) -> Double? {
        let text = text(line, index)
        if text.isEmpty || text == "-" { return nil }
        guard let number = Double(text), number.isFinite else {
            throw UnreadableField("\(line.place), \(name)", "expected a number, found '\(text.prefix(20))'")
        }
        return number
    }

    /// A number above 0; `nil` for 0, by which the file says that there is none.
    private func positive(_ line: CSVTable.Line, _ index: Int, _ name: String) throws(UnreadableField) -> Double? {
        try number(line, index, name).flatMap { $0 > 0 ? $0 : nil }
    }
}
