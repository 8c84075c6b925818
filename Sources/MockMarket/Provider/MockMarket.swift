public import MarketData

/// An invented market, the same for the same seed on every machine and at every time of asking.
///
/// Every figure is marked `simulated`. Prices come from one path a symbol, with a knot every five seconds and straight
/// lines between them; bars of every interval are aggregates of that path, and quotes and option chains read it, so
/// that all of them agree. Nothing depends on when it is asked: what has happened stays.
public struct MockMarket: Sendable {
    /// When the mock market trades. The two are different markets.
    public enum Hours: String, CaseIterable, Sendable {
        /// Day and night, every day; a day ends at midnight in India.
        case always
        /// The hours and holidays of NSE, for every instrument.
        case exchange
    }

    /// The first day of history.
    public static let historyBegins = CalendarDate(daysSinceEpoch: 14_610)  // 2010-01-01

    /// What all figures come from.
    public let seed: UInt64
    /// When it trades.
    public let hours: Hours
    /// Its trading days and sessions.
    public let calendar: TradingCalendar

    let clock: @Sendable () -> Timestamp
    let pace: Pace
    let universe: Universe
    let paths: PricePaths
    let actions = CorporateActions()
    let rates: CurrencyRates

    /// A market.
    /// - Parameters:
    ///   - seed: What all figures come from.
    ///   - hours: When it trades.
    ///   - pace: How often live feeds speak.
    ///   - clock: What time it is; nothing after that is told.
    public init(
        seed: UInt64 = 1,
        hours: Hours = .always,
        pace: Pace = Pace(),
        clock: @escaping @Sendable () -> Timestamp = SystemClock.now
    ) {
        self.seed = seed
        self.hours = hours
        self.clock = clock
        self.pace = pace
        calendar = hours == .always ? .continuous() : .nse
        universe = .standard
        rates = CurrencyRates(seed: seed)
        paths = PricePaths(seed: seed, hours: hours, calendar: calendar)
    }

    /// Every symbol of the market.
    public var symbols: [Symbol] { universe.listings.map(\.symbol) }

    /// Where a figure of this market comes from, of which time.
    public func provenance(asOf time: Timestamp) -> Provenance {
        Provenance(source: .mock, feed: "mock seed \(seed)", mode: .simulated, delaySeconds: 0, asOf: time)
    }

    /// What is known of a symbol.
    /// - Throws: `MarketDataError`, `symbolNotFound` with suggestions.
    public func instrument(_ symbol: Symbol) throws(MarketDataError) -> Instrument {
        let listing = try universe.listing(symbol)
        var instrument = listing.instrument
        let today = calendar.date(at: clock())
        instrument.session = calendar.hours(on: today, segment: listing.segment).tradingViewText
        return instrument
    }

    func checkHistory(_ time: Timestamp) throws(MarketDataError) {
        guard calendar.date(at: time) >= MockMarket.historyBegins else {
            throw MarketDataError(
                .noDataForTime, "the mock market begins on \(MockMarket.historyBegins); \(time) is before it",
                source: .mock
            )
        }
    }
}
