import MarketData

/// The chain of one expiry as NSE served it, in the same words whichever generation of addresses it came from.
///
/// Open interest, its change and the volume are in contracts and may be fractional: the site divides shares by the
/// present lot, and far contracts may be older than it. Orders are in shares.
struct SiteChain: Hashable, Sendable {
    /// One side of a strike.
    struct Side: Hashable, Sendable {
        /// In contracts.
        var openInterest: Double?
        /// In contracts, since the close of the previous session.
        var change: Double?
        /// In contracts.
        var volume: Double?
        /// `nil` for an option that was never traded.
        var last: Double?
        /// The last price less the close of the previous session; `nil` for an option that was never traded.
        var priceChange: Double?
        /// In percent, by Black-Scholes on the spot with a rate of 10 %; `nil` where the site has 0 for want of one.
        var impliedVolatility: Double?
        /// The best price bid, and the shares wanted at it.
        var bid: Order?
        /// The best price asked, and the shares offered at it.
        var ask: Order?
    }

    /// The best order on one side of the book.
    struct Order: Hashable, Sendable {
        var price: Double
        var shares: Double
    }

    /// A strike; a side that the site left out was never traded and is `nil`.
    struct Row: Hashable, Sendable {
        var strike: Strike
        var call: Side?
        var put: Side?
    }

    /// The expiry of every row.
    var expiry: CalendarDate
    /// Ascending by strike, each once.
    var rows: [Row]
    /// The site's own stamp.
    var stamp: Timestamp
    /// The price of the underlying; `nil` where the site gave none.
    var spot: Double?
    /// How many strikes are listed for this expiry, where the answer itself shows it.
    var listedStrikes: Int?
    /// The sides that were left out because their numbers cannot be, and why.
    var dropped: [String] = []
}
