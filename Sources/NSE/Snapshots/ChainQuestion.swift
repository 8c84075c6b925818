import MarketData

/// One question for the chain as it is now.
struct ChainQuestion: Hashable, Sendable {
    let symbol: Symbol
    /// The code under which the site knows the underlying.
    let code: String
    let expiry: CalendarDate

    /// How far the moment asked for may lie from now and still mean now, in seconds.
    static let nowTolerance: Int64 = 60

    /// - Throws: `MarketDataError` `noDataForTime` for a moment that is not now.
    static func check(_ at: Timestamp?, of symbol: Symbol, now: Timestamp) throws(MarketDataError) {
        guard let at else { return }
        if at > now.advanced(bySeconds: nowTolerance) {
            throw MarketDataError(.noDataForTime, "the moment \(at) is yet to come", source: .nse)
        }
        guard at >= now.advanced(bySeconds: -nowTolerance) else {
            throw MarketDataError(
                .noDataForTime,
                "asked for the open interest of \(symbol) at \(at): NSE's site serves only what is now (\(now))",
                source: .nse
            )
        }
    }
}
