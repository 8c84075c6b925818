/// Which options of an underlying an Indian exchange lists: expiry days, lots and strike steps, each by date.
///
/// Sources: SEBI's rule of one weekly index an exchange (since November 2024), NSE circular FAOP/70616 of 2025-10-03
/// (lots), the move of expiries to Tuesday (NSE) and Thursday (BSE) on 2025-09-01. Weekly options that ended in 2024
/// (BANKNIFTY, FINNIFTY, MIDCPNIFTY, BANKEX) are not told of.
public struct OptionListing: Sendable {
    /// The underlying.
    public let symbol: Symbol
    /// The weekday of weekly expiries; `nil` where there are none.
    public let weekly: DatedTable<Weekday>?
    /// The weekday whose last one in a month is the monthly expiry.
    public let monthly: DatedTable<Weekday>
    /// Whether contracts of quarters and half years reach up to five years ahead.
    public let isLongDated: Bool
    /// Shares a contract, by the day the contract expires.
    public let lots: DatedTable<Int>
    /// The distance between strikes near the spot, in rupees.
    public let strikeStep: Double

    /// Shares in a contract that expires on a day.
    public func lotSize(expiring date: CalendarDate) -> Int { lots[date] }
}

extension OptionListing {
    /// What is listed on an underlying; `nil` where there are no options, or none that are known here.
    public static func of(_ symbol: Symbol) -> OptionListing? { bySymbol[symbol] }

    /// The underlyings that are known here.
    public static var symbols: [Symbol] { bySymbol.keys.sorted() }

    private static let bySymbol = Dictionary(all.map { ($0.symbol, $0) }, uniquingKeysWith: { first, _ in first })

    private static let all: [OptionListing] = [
        nse("NIFTY", LotSizes.nifty, step: 50, weekly: ExpiryWeekdays.nse, isLongDated: true),
        nse("BANKNIFTY", LotSizes.bankNifty, step: 100),
        nse("FINNIFTY", LotSizes.finNifty, step: 50),
        nse("MIDCPNIFTY", LotSizes.midcapNifty, step: 25),
        nse("NIFTYNXT50", LotSizes.niftyNext50, step: 100),
        bse("SENSEX", LotSizes.sensex, weekly: ExpiryWeekdays.bse),
        bse("BANKEX", LotSizes.bankex, weekly: nil),
        nse("RELIANCE", LotSizes.reliance, step: 10),
        nse("TCS", LotSizes.tcs, step: 20),
        nse("INFY", LotSizes.infosys, step: 20),
        nse("HDFCBANK", LotSizes.hdfcBank, step: 5),
        nse("SBIN", LotSizes.stateBank, step: 5),
    ]

    private static func nse(
        _ ticker: String, _ lots: DatedTable<Int>, step: Double, weekly: DatedTable<Weekday>? = nil,
        isLongDated: Bool = false
    ) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "NSE", ticker: ticker), weekly: weekly, monthly: ExpiryWeekdays.nse,
            isLongDated: isLongDated, lots: lots, strikeStep: step
        )
    }

    private static func bse(_ ticker: String, _ lots: DatedTable<Int>, weekly: DatedTable<Weekday>?) -> OptionListing {
        OptionListing(
            symbol: Symbol(exchange: "BSE", ticker: ticker), weekly: weekly, monthly: ExpiryWeekdays.bse,
            isLongDated: false, lots: lots, strikeStep: 100
        )
    }
}
