/// The calendar and the trading hours of an instrument on one of India's exchanges.
public enum IndianMarket {
    /// Whether the calendar built in is that of an exchange: NSE and BSE. MCX and NCDEX keep others.
    public static func keepsCalendar(_ exchange: String) -> Bool { exchange == "NSE" || exchange == "BSE" }

    /// Whether an instrument whose source states these hours keeps those of shares and their derivatives: from 09:15
    /// to between 15:15 (continuous trading in shares since 2026-08-03) and 15:40 (derivatives since then), whatever
    /// the text says of other dates. Text that cannot be read is taken for other hours.
    public static func isUsualSession(_ session: String) -> Bool {
        guard let text = SessionText(session) else { return false }
        return text.eras.allSatisfy { era in
            Weekday.allCases.prefix(5).allSatisfy { day in
                guard let spans = era.hours[day], spans.count == 1, let only = spans.first else { return false }
                return only.from == usualOpening && usualCloses.contains(only.to)
            }
        }
    }

    /// Whether an instrument is of NSE or BSE and keeps their usual hours, or its source does not say.
    public static func keepsUsualHours(_ symbol: Symbol, session: String?) -> Bool {
        keepsCalendar(symbol.exchange) && (session.map(isUsualSession) ?? true)
    }

    private static let usualOpening = 9 * 3600 + 15 * 60
    private static let usualCloses = (15 * 3600 + 15 * 60)...(15 * 3600 + 40 * 60)

    /// The pairs whose futures and options trade from 09:00 to 17:00.
    private static let currencyPairs: Set<String> = [
        "USDINR", "EURINR", "GBPINR", "JPYINR", "EURUSD", "GBPUSD", "USDJPY",
    ]

    static func isCurrencyPair(_ name: String) -> Bool { currencyPairs.contains(name) }
}

extension Symbol {
    /// The segment of NSE or BSE by the name alone: contracts are derivatives (or currency), all else is cash.
    public var segment: TradingCalendar.Segment { segment(type: nil) }

    /// The segment of NSE or BSE by the source's word for the instrument's type (`index`, `futures`, ...), where it has
    /// one, otherwise by the name.
    public func segment(type: String?) -> TradingCalendar.Segment {
        let contract = ContractName(ticker)
        if IndianMarket.isCurrencyPair(contract?.root ?? ticker) { return .currency }
        switch type {
        case "futures", "future", "option", "options": return .derivatives
        case "forex": return .currency
        case "index", "stock", "fund", "etf", "dr", "bond": return .cash
        default: return contract == nil ? .cash : .derivatives
        }
    }
}

extension Instrument {
    /// The segment of NSE or BSE that the instrument belongs to.
    public var segment: TradingCalendar.Segment { symbol.segment(type: type) }
}
