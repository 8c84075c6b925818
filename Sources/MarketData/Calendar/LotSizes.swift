/// Shares a contract, by the day the contract expires.
///
/// Since November 2024: NSE circulars of 2024-10 and FAOP/70616 of 2025-10-03. What is older, and the lots of single
/// shares, is from fixtures and memory; NSE's `fo_mktlots.csv` and its daily files are the authority, and a calendar file
/// stands over this table.
public enum LotSizes {
    /// The lot of an underlying's contracts that expire on a day, by the tables in force; `nil` where it is not known.
    public static func size(of symbol: Symbol, expiring date: CalendarDate) -> Int? {
        ExchangeTables.current.lots[symbol]?[date] ?? nil
    }

    static let nifty = DatedTable(50, [("2024-04-26", 25), ("2024-11-20", 75), ("2025-12-31", 65)])
    static let bankNifty = DatedTable(15, [("2024-11-20", 30), ("2025-07-01", 35), ("2025-12-31", 30)])
    static let finNifty = DatedTable(40, [("2024-04-26", 25), ("2024-11-20", 65), ("2025-12-31", 60)])
    static let midcapNifty = DatedTable(
        75, [("2024-04-26", 50), ("2024-11-20", 120), ("2025-07-01", 140), ("2025-12-31", 120)]
    )
    static let niftyNext50 = DatedTable(10, [("2024-11-20", 25)])
    static let sensex = DatedTable(10, [("2024-11-20", 20)])
    static let bankex = DatedTable(15, [("2024-11-20", 30)])
    /// Doubled by the bonus share of October 2024.
    static let reliance = DatedTable(250, [("2024-10-28", 500)])
    static let tcs = DatedTable(175)
    static let infosys = DatedTable(400)
    static let hdfcBank = DatedTable(550)
    static let stateBank = DatedTable(1500, [("2024-04-26", 750)])
}
