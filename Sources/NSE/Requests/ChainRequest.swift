import MarketData

/// One question for the chain as it is now.
struct ChainRequest: Hashable, Sendable {
    let symbol: Symbol
    /// The code under which the site knows the underlying.
    let code: String
    let expiry: CalendarDate

    /// How far the moment asked for may lie from now and still mean now, in seconds.
    static let nowTolerance: Int64 = 60

    /// The moment asked for where it is past; `nil` where it is now.
    /// - Throws: `MarketDataError` `noDataForTime` for a moment that is yet to come.
    static func pastMoment(_ at: Timestamp?, now: Timestamp) throws(MarketDataError) -> Timestamp? {
        guard let at else { return nil }
        if at > now.advanced(bySeconds: nowTolerance) {
            throw MarketDataError(.noDataForTime, "the moment \(at) is yet to come", source: .nse)
        }
        return at < now.advanced(bySeconds: -nowTolerance) ? at : nil
    }
}
