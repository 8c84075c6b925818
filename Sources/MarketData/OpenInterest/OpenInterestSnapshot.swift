/// Open interest of every strike of one expiry at one moment.
public struct OpenInterestSnapshot: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// When the options expire.
    public var expiry: CalendarDate
    /// What open interest and volume are counted in.
    public var unit: OpenInterestUnit
    /// Shares a contract; `nil` if unknown.
    public var lotSize: Int?
    /// The price of the underlying; `nil` if the source sent none.
    public var spot: Double?
    /// Ascending by strike, each once.
    public var strikes: [OptionStrike]
    /// How many strikes the exchange lists for the expiry, of which `strikes` may be a window; `nil` if unknown.
    public var listedStrikes: Int?
    /// The source of the values; `asOf` is the source's own stamp.
    public var provenance: Provenance
    /// Notes on these values, for people: options that were left out because their values contradict
    /// themselves, a lot size that is not known.
    public var notes: [String]

    /// A snapshot from its parts; strikes are put in order.
    public init(
        symbol: Symbol,
        expiry: CalendarDate,
        unit: OpenInterestUnit,
        lotSize: Int?,
        spot: Double?,
        strikes: [OptionStrike],
        listedStrikes: Int?,
        provenance: Provenance,
        notes: [String] = []
    ) {
        self.symbol = symbol
        self.expiry = expiry
        self.unit = unit
        self.lotSize = lotSize
        self.spot = spot
        self.strikes = strikes.sorted { $0.strike < $1.strike }
        self.listedStrikes = listedStrikes
        self.provenance = provenance
        self.notes = notes
    }

    /// Puts over calls, summed over the strikes of this snapshot and no others.
    public func putCallRatio(by basis: PutCallRatio.Basis) -> PutCallRatio {
        PutCallRatio(
            puts: sum(\.put, basis), calls: sum(\.call, basis), basis: basis, strikes: PairedStrikes(strikes, basis))
    }

    /// The listed strike nearest to the spot, the lower one on a tie; `nil` without spot or strikes.
    public var atTheMoney: Strike? {
        guard let spot else { return nil }
        return strikes.map(\.strike).min { abs($0.price - spot) < abs($1.price - spot) }
    }

    private func sum(_ side: KeyPath<OptionStrike, OptionData?>, _ basis: PutCallRatio.Basis) -> Double? {
        let known = strikes.compactMap { $0[keyPath: side]?[basis] }
        return known.isEmpty ? nil : known.reduce(0, +)
    }
}

extension OptionData {
    subscript(basis: PutCallRatio.Basis) -> Double? {
        switch basis {
        case .openInterest: openInterest
        case .change: change
        case .volume: volume
        }
    }
}

/// What open interest is counted in: shares of the underlying, or contracts of `lotSize` shares.
public enum OpenInterestUnit: String, CaseIterable, Sendable {
    case shares, contracts
}

extension OpenInterestSnapshot {
    /// Returns the strikes around the one at the money, up to `reach` on each side; all strikes if the spot is unknown.
    public func strikesAroundTheMoney(reach: Int) -> ArraySlice<OptionStrike> {
        guard let center = strikes.firstIndex(where: { $0.strike == atTheMoney }) else { return strikes[...] }
        return strikes[max(0, center - reach)..<min(strikes.count, center + reach + 1)]
    }
}

extension OpenInterestSnapshot {
    /// The snapshot with those of its strikes that are wanted: sources that serve all of them leave the choice to us.
    /// - Throws: `MarketDataError` `badRequest` where it has none of them.
    public func holding(_ selection: StrikeSelection) throws(MarketDataError) -> OpenInterestSnapshot {
        guard case .range(let from, let to) = selection, !strikes.isEmpty else { return self }
        var snapshot = self
        snapshot.strikes = strikes.filter { from <= $0.strike && $0.strike <= to }
        guard !snapshot.strikes.isEmpty else {
            let known = strikeWindow.value.map { "; there are \($0.words)" } ?? ""
            throw MarketDataError(
                .badRequest, "no strike of \(symbol) \(expiry) lies in \(selection)\(known)", source: provenance.source)
        }
        return snapshot
    }
}

extension OpenInterestSnapshot {
    /// The strike at which the options of this snapshot would pay out least: the least over listed k* of
    /// the sum of (k* - k) C(k) for k < k* plus the sum of (k - k*) P(k) for k > k*; the lowest of equals.
    ///
    /// One pass up and one down instead of the textbook's square. `nil` if no side has open interest.
    public var maxPain: Strike? {
        let calls = strikes.map { $0.call?.openInterest ?? 0 }
        let puts = strikes.map { $0.put?.openInterest ?? 0 }
        guard calls.contains(where: { $0 > 0 }) || puts.contains(where: { $0 > 0 }) else { return nil }
        let prices = strikes.map(\.strike.price)
        var pain = [Double](repeating: 0, count: prices.count)
        var owed = 0.0
        var held = 0.0
        for index in prices.indices.dropFirst() {
            held += calls[index - 1]
            owed += held * (prices[index] - prices[index - 1])
            pain[index] += owed
        }
        (owed, held) = (0, 0)
        for index in prices.indices.dropLast().reversed() {
            held += puts[index + 1]
            owed += held * (prices[index + 1] - prices[index])
            pain[index] += owed
        }
        return pain.indices.min { pain[$0] < pain[$1] }.map { strikes[$0].strike }
    }
}
