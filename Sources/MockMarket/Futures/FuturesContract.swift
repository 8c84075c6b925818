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

/// A month in which a contract expires.
struct FuturesMonth: Hashable, Sendable {
    private static let letters = ["F", "G", "H", "J", "K", "M", "N", "Q", "U", "V", "X", "Z"]
    private let number: Int

    init(of date: CalendarDate) { number = date.parts.year * 12 + date.parts.month - 1 }

    /// The month of a ticker's end, `X2026`; `nil` for another text.
    init?(code: some StringProtocol) {
        guard code.utf8.count == 5, let letter = code.first, let year = Int(code.dropFirst()), year >= 2000,
            let month = FuturesMonth.letters.firstIndex(of: String(letter))
        else { return nil }
        number = year * 12 + month
    }

    private init(number: Int) { self.number = number }

    var next: FuturesMonth { advanced(by: 1) }

    func advanced(by months: Int) -> FuturesMonth { FuturesMonth(number: number + months) }

    func expiry(_ options: OptionListing) -> CalendarDate {
        options.monthlyExpiry(year: number / 12, month: number % 12 + 1)
    }

    /// As tickers have it: `X2026` for November 2026.
    var code: String { "\(FuturesMonth.letters[number % 12])\(number / 12)" }
}

/// Futures that are not searched for but can be requested: continuous ones such as `NIFTY2!` and `RELIANCE1!`, and those of
/// one month such as `NIFTYX2026`.
enum FuturesListings {
    private static let ranks = 1...3

    /// The future of a symbol; `nil` where the underlying has no options and so, here, no futures.
    static func listing(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard symbol.exchange == "NSE" else { return nil }
        return continuous(symbol, in: universe) ?? dated(symbol, in: universe)
    }

    private static func dated(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard let month = FuturesMonth(code: symbol.ticker.suffix(5)),
            let options = OptionListing.of(Symbol(exchange: "NSE", ticker: String(symbol.ticker.dropLast(5))))
        else { return nil }
        return listing(symbol, options, rank: 1, expiry: month.expiry(options), in: universe)
    }

    private static func continuous(_ symbol: Symbol, in universe: Universe) -> Listing? {
        guard symbol.ticker.hasSuffix("!"),
            let rank = symbol.ticker.dropLast().last.flatMap({ Int(String($0)) }), ranks.contains(rank)
        else { return nil }
        let root = String(symbol.ticker.dropLast(2))
        let underlying = Symbol(exchange: symbol.exchange, ticker: root)
        guard let options = OptionListing.of(underlying) else { return nil }
        return listing(symbol, options, rank: rank, expiry: nil, in: universe)
    }

    private static func listing(
        _ symbol: Symbol, _ options: OptionListing, rank: Int, expiry: CalendarDate?, in universe: Universe
    ) -> Listing? {
        let front = universe.known(Symbol(exchange: "NSE", ticker: "\(options.symbol.ticker)1!"))
        let contract = FuturesContract(options: options, rank: rank, isCarried: front == nil, dated: expiry)
        return (front ?? universe.known(options.symbol))?.future(symbol, contract)
    }
}

extension Listing {
    fileprivate func future(_ symbol: Symbol, _ contract: FuturesContract) -> Listing {
        let lot = Int64(contract.options.lotSize(expiring: MockMarket.historyBegins))
        return Listing(
            symbol: symbol, description: "\(description) Futures", type: "futures", currency: currency,
            country: country, level: level, dailyVolatility: dailyVolatility, growth: growth,
            dailyVolume: dailyVolume.map { max(1, $0 / (4 * Int64(contract.rank))) },
            openInterest: (openInterest ?? 20_000 * lot) / Int64(contract.rank), path: path, segment: .derivatives,
            contract: contract
        )
    }
}
