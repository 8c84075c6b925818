import MarketData

/// One interval of `fno/buildup-5` and `-15` as it stands: price and open interest of one contract at its end.
struct BuildUpInterval: Hashable, Sendable {
    /// India's time, of the day that the source serves, which it does not name.
    var from: ClockTime
    var to: ClockTime
    var price: Double?
    /// In shares.
    var openInterest: Double?
    /// In shares, against the interval before.
    var change: Double?
    /// Taken for shares like its neighbours; no recording proves it.
    var volume: Double?
    /// The source's own judgement, which it writes as `Long Build Up`; `nil` for a word that is none of ours.
    var buildUp: BuildUp?
}
