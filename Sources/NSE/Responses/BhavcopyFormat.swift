import MarketData

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
    /// `nil` where the format has none.
    var spot: String? { self == .udiff ? "UndrlygPric" : nil }
    /// `nil` where the format has none.
    var lot: String? { self == .udiff ? "NewBrdLotQty" : nil }

    /// How options on indices and on shares are called; anything else is a future.
    var options: Set<String> { self == .udiff ? ["IDO", "STO"] : ["OPTIDX", "OPTSTK"] }
}
