import MarketData

/// Turns NSE's contracts into shares by the lot of the expiry.
struct Lot: Hashable, Sendable {
    /// Shares a contract.
    let size: Int

    /// The lot of an expiry, if it is known and the chain's own orders agree with it.
    ///
    /// Orders are in shares and come in whole lots only, so one that does not divide by the lot shows that the table is
    /// out of date; then nothing is multiplied.
    init?(_ symbol: Symbol, expiry: CalendarDate, ordersOf rows: [SiteChain.Row]) {
        guard let size = OptionListing.of(symbol)?.lotSize(expiring: expiry), size > 0 else { return nil }
        for side in rows.flatMap({ [$0.call, $0.put] }) {
            for order in [side?.bid, side?.ask] {
                guard let order else { continue }
                guard order.shares.truncatingRemainder(dividingBy: Double(size)) == 0 else { return nil }
            }
        }
        self.size = size
    }

    init(size: Int) { self.size = size }

    /// Contracts as whole shares; `nil` where they are none, which means that this is not their lot.
    ///
    /// The site may cut a fraction to four places (4.3333 of 75 are 325), so as much is forgiven.
    func shares(_ contracts: Double) -> Double? {
        let shares = contracts * Double(size)
        let whole = shares.rounded()
        let tolerance = min(0.25, Double(size) * 0.000_051)
        return abs(shares - whole) <= tolerance ? whole : nil
    }
}
