import MarketData

/// What the mock market makes prices of: an instrument, and how its price and volume behave.
struct Listing: Sendable {
    let symbol: Symbol
    let description: String
    let type: String
    let currency: String
    let country: String
    /// Where the price wanders about from 2026 on.
    let level: Double
    /// The standard deviation of a day's relative change.
    let dailyVolatility: Double
    /// How much a year lifted the level before 2026, as a logarithm.
    let growth: Double
    /// Units traded on a day in the middle; `nil` for an instrument without volume.
    let dailyVolume: Int64?
    /// Open contracts in the middle; `nil` for what has none.
    let openInterest: Int64?
    /// Whose path of prices this one follows: a future that of its underlying.
    let path: String
    let segment: TradingCalendar.Segment
    /// Which contract a continuous future follows.
    var contract: FuturesContract? = nil

    var instrument: Instrument {
        Instrument(
            symbol: symbol, description: description, type: type, currency: currency, country: country,
            timeZone: IndianTime.zone, hasVolume: dailyVolume != nil
        )
    }
}
