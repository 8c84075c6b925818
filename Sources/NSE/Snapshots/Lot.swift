import MarketData

/// Turns NSE's contracts into shares by the lot of the expiry.
struct Lot: Hashable, Sendable {
    /// Shares a contract.
    let size: Int

    /// The lot of an expiry by the tables in force, if it is known and the chain's own orders agree with it.
    init?(_ symbol: Symbol, expiry: CalendarDate, ordersOf rows: [SiteChain.Row]) {
        self.init(LotSizes.size(of: symbol, expiring: expiry), ordersOf: rows)
    }

    /// A lot, if it is known and the chain's own orders agree with it.
    ///
    /// Orders are in shares and come in whole lots only, so one that does not divide by the lot shows that it is that of
    /// another time; then nothing is multiplied.
    init?(_ size: Int?, ordersOf rows: [SiteChain.Row]) {
        guard let size, size > 0 else { return nil }
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
