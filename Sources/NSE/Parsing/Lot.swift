import MarketData

/// Turns NSE's contracts into shares by the lot of the expiry.
struct Lot: Hashable, Sendable {
    /// Shares per contract.
    let size: Int

    /// The lot of an expiry by the tables in force, if it is known and the chain agrees with it.
    ///
    /// A lot changes for contracts that expire from a day on, and the far ones that were listed before keep theirs
    /// until that day: where the chain contradicts the lot of its expiry, it is that of the contracts that expired on
    /// the day of the values, if orders show it.
    init?(_ symbol: Symbol, of chain: SiteChain) {
        if let lot = Lot(LotSizes.size(of: symbol, expiring: chain.expiry), of: chain) {
            self = lot
            return
        }
        guard !chain.orders.isEmpty else { return nil }
        self.init(LotSizes.size(of: symbol, expiring: IndianTime.date(chain.stamp)), of: chain)
    }

    /// A lot, if it is known and the chain agrees with it.
    ///
    /// Orders are in shares and come in whole lots only, so one that does not divide by the lot shows that it is that
    /// of another time; so does a greatest common divisor of many orders that is a multiple of it, and contracts that
    /// are not whole shares. Then nothing is multiplied.
    init?(_ size: Int?, of chain: SiteChain) {
        guard let size, size > 0 else { return nil }
        self.init(size: size)
        guard let divisor = chain.commonDivisorOfOrders, divisor % size == 0,
            divisor == size || divisor == 0 || chain.orders.count < Lot.conclusiveOrders
        else { return nil }
        guard chain.counts.allSatisfy({ shares($0) != nil }) else { return nil }
    }

    init(size: Int) { self.size = size }

    /// With this number of orders it cannot be chance that all are even, or multiples of three, lots.
    private static let conclusiveOrders = 24

    /// Contracts as whole shares; `nil` if the result is not whole, which means another lot.
    ///
    /// The site may cut a fraction to four places (4.3333 of 75 are 325), so that difference is tolerated.
    func shares(_ contracts: Double) -> Double? {
        let shares = contracts * Double(size)
        let whole = shares.rounded()
        let tolerance = min(0.25, Double(size) * 0.000_051)
        return abs(shares - whole) <= tolerance ? whole : nil
    }
}

extension SiteChain {
    private var sides: [Side] { rows.flatMap { [$0.call, $0.put].compactMap { $0 } } }

    /// Every order, in shares.
    fileprivate var orders: [Order] { sides.flatMap { [$0.bid, $0.ask].compactMap { $0 } } }

    /// The greatest common divisor of the sizes of all orders, 0 without any; `nil` if one is not a whole number.
    fileprivate var commonDivisorOfOrders: Int? {
        var divisor = 0
        for order in orders {
            guard var rest = Int(exactly: order.shares) else { return nil }
            while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        }
        return divisor
    }

    /// Everything that is counted in contracts.
    fileprivate var counts: [Double] { sides.flatMap { [$0.openInterest, $0.change, $0.volume].compactMap { $0 } } }
}
