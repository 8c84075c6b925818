import MarketData

/// Which contract a continuous future follows: the nearest monthly one, the next, or the one after.
///
/// A contract costs more than the underlying by the interest to its expiry, so that the price jumps at a roll.
struct FuturesContract: Sendable {
    /// Interest a year, as a fraction.
    static let carry = 0.08

    /// Whose expiries these are.
    let options: OptionListing
    /// 1 for the nearest.
    let rank: Int
    /// Whether the path is the underlying's, to which the interest is added; otherwise it is that of the nearest contract.
    let isCarried: Bool
    /// When it expires, for a contract of one month such as `NIFTYX2026`; `nil` for a continuous future.
    var dated: CalendarDate? = nil

    /// How long before its expiry a contract begins to trade, in days.
    private static let life = 95

    /// Whether a contract of one month trades on a day; a continuous future does on all.
    func trades(on date: CalendarDate) -> Bool {
        guard let dated else { return true }
        return date <= dated && date > dated.advanced(byDays: -FuturesContract.life)
    }

    /// The expiry of the contract of a rank on a day; for a contract of one month its own.
    func expiry(on date: CalendarDate, rank: Int) -> CalendarDate {
        if let dated { return dated }
        return continuousExpiry(on: date, rank: rank)
    }

    private func continuousExpiry(on date: CalendarDate, rank: Int) -> CalendarDate {
        var month = FuturesMonth(of: date)
        if month.expiry(options) < date { month = month.next }
        return month.advanced(by: rank - 1).expiry(options)
    }

    /// The contract of a rank on a day, such as `NSE:NIFTYX2026`.
    func name(on date: CalendarDate, rank: Int) -> Symbol {
        let month = FuturesMonth(of: expiry(on: date, rank: rank))
        return Symbol(exchange: options.symbol.exchange, ticker: options.symbol.ticker + month.code)
    }

    /// What the path costs more in a contract on a day.
    func factor(on date: CalendarDate, rank: Int) -> Double {
        let base = isCarried ? date : continuousExpiry(on: date, rank: 1)
        let days = expiry(on: date, rank: rank).daysSinceEpoch - base.daysSinceEpoch
        return 1 + FuturesContract.carry * Double(days) / 365
    }
}
