/// Which options of an underlying an Indian exchange lists: expiry days, lots and strike steps, each by date.
///
/// Sources: SEBI's rule of one weekly index an exchange (since November 2024), NSE circular FAOP/70616 of 2025-10-03
/// (lots), the move of expiries to Tuesday (NSE) and Thursday (BSE) on 2025-09-01.
public struct OptionListing: Sendable {
    /// The underlying.
    public let symbol: Symbol
    /// The weekday of weekly expiries; `nil` while there are none.
    public internal(set) var weekly: DatedTable<Weekday?>
    /// The weekday whose last one in a month is the monthly expiry.
    public internal(set) var monthly: DatedTable<Weekday>
    /// Whether contracts of quarters and half years reach up to five years ahead.
    public let isLongDated: Bool
    /// Shares a contract, by the day the contract expires.
    public internal(set) var lots: DatedTable<Int>
    /// The distance between strikes near the spot, in rupees.
    public internal(set) var strikeStep: Double

    /// Shares in a contract that expires on a day.
    public func lotSize(expiring date: CalendarDate) -> Int { lots[date] }
}

extension OptionListing {
    /// What is listed on an underlying, by the tables in force; `nil` where there are no options, or none that are known.
    public static func of(_ symbol: Symbol) -> OptionListing? { ExchangeTables.current.listings[symbol] }

    /// The underlyings that are known.
    public static var symbols: [Symbol] { ExchangeTables.current.listings.keys.sorted() }

    static let builtIn: [OptionListing] = [
        nse("NIFTY", LotSizes.nifty, step: 50, weekly: ExpiryWeekdays.niftyWeekly, isLongDated: true),
        nse(
            "BANKNIFTY", LotSizes.bankNifty, step: 100, weekly: ExpiryWeekdays.bankNiftyWeekly,
            monthly: ExpiryWeekdays.bankNiftyMonthly),
        nse(
            "FINNIFTY", LotSizes.finNifty, step: 50, weekly: ExpiryWeekdays.finNiftyWeekly,
            monthly: ExpiryWeekdays.finNiftyMonthly),
        nse(
            "MIDCPNIFTY", LotSizes.midcapNifty, step: 25, weekly: ExpiryWeekdays.midcapNiftyWeekly,
            monthly: ExpiryWeekdays.midcapNiftyMonthly),
        nse("NIFTYNXT50", LotSizes.niftyNext50, step: 100, monthly: ExpiryWeekdays.niftyNext50Monthly),
        bse("SENSEX", LotSizes.sensex, weekly: ExpiryWeekdays.sensexWeekly, monthly: ExpiryWeekdays.bse),
        bse("BANKEX", LotSizes.bankex, weekly: ExpiryWeekdays.bankexWeekly, monthly: ExpiryWeekdays.bankexMonthly),
        nse("RELIANCE", LotSizes.reliance, step: 10),
        nse("TCS", LotSizes.tcs, step: 20),
        nse("INFY", LotSizes.infosys, step: 20),
        nse("HDFCBANK", LotSizes.hdfcBank, step: 5),
        nse("SBIN", LotSizes.stateBank, step: 5),
    ]

    private static func nse(
        _ ticker: String, _ lots: DatedTable<Int>, step: Double,
        weekly: DatedTable<Weekday?> = ExpiryWeekdays.noWeekly, monthly: DatedTable<Weekday> = ExpiryWeekdays.nse,
        isLongDated: Bool = false
    ) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "NSE", ticker: ticker), weekly: weekly, monthly: monthly,
            isLongDated: isLongDated, lots: lots, strikeStep: step
        )
    }

    private static func bse(
        _ ticker: String, _ lots: DatedTable<Int>, weekly: DatedTable<Weekday?>, monthly: DatedTable<Weekday>
    ) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "BSE", ticker: ticker), weekly: weekly, monthly: monthly,
            isLongDated: false, lots: lots, strikeStep: 100
        )
    }
}
