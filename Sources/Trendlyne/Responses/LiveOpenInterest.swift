import MarketData

/// An answer of `live-oi-data` as it stands: open interest in shares by strike, and what was really served.
///
/// The answer's own totals are left out on purpose: `totalCallOiChange` and `totalPutOiChange` are swapped at the source
/// (shown by the sums over its strikes), and `totalPCR` covers only the strikes returned. Price, volume and implied
/// volatility do not exist in this answer.
struct LiveOpenInterest: Hashable, Sendable {
    /// One side of a strike, in shares.
    struct Side: Hashable, Sendable {
        var openInterest: Double?
        /// At the close of the previous session.
        var previous: Double?
        /// Since the close of the previous session.
        var change: Double?
    }

    /// A strike by the text that names it.
    struct Row: Hashable, Sendable {
        var strike: Strike
        /// `nil` where the answer has no figure of that side.
        var call: Side?
        var put: Side?
    }

    /// `inputData`: what the source says it served, which need not be what was asked.
    struct Served: Hashable, Sendable {
        var tradingDate: CalendarDate
        /// The moment of the snapshot.
        var maxTime: ClockTime
        /// The source's own stamp of the figures.
        var lastUpdated: Timestamp
        var expiries: [CalendarDate]
        /// The window of strikes; `nil` where the source does not say.
        var strikes: StrikeRange?
    }

    /// Ascending by strike.
    var rows: [Row]
    var served: Served
    /// The price of the underlying; `nil` where the source gave none.
    var spot: Double?
    /// How many strikes the exchange lists, of which `rows` is a window; `nil` where the source does not say.
    var listedStrikes: Int?
    /// From the lowest listed strike to the highest.
    var listedRange: StrikeRange?
    /// The sides that were left out because their numbers cannot be, and why.
    var dropped: [String]
}
