/// Open interest of every strike of one expiry at one moment.
public struct OpenInterestSnapshot: Hashable, Sendable {
    /// The underlying.
    public var symbol: Symbol
    /// When the options expire.
    public var expiry: CalendarDate
    /// What open interest and volume are counted in.
    public var unit: OpenInterestUnit
    /// Shares a contract; `nil` where it is not known.
    public var lotSize: Int?
    /// The price of the underlying; `nil` where the source gave none.
    public var spot: Double?
    /// Ascending by strike, each once.
    public var strikes: [OptionStrike]
    /// How many strikes the exchange lists for the expiry, of which `strikes` may be a window; `nil` if unknown.
    public var listedStrikes: Int?
    /// Where the figures came from; `asOf` is the source's own stamp.
    public var provenance: Provenance
    /// What is to be known of these figures, for people: options that were left out because their figures contradict
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

    /// The listed strike nearest to the spot, the lower one of two as near; `nil` without spot or strikes.
    public var atTheMoney: Strike? {
        guard let spot else { return nil }
        return strikes.map(\.strike).min { abs($0.price - spot) < abs($1.price - spot) }
    }

    private func sum(_ side: KeyPath<OptionStrike, OptionFigures?>, _ basis: PutCallRatio.Basis) -> Double? {
        let known = strikes.compactMap { $0[keyPath: side]?[basis] }
        return known.isEmpty ? nil : known.reduce(0, +)
    }
}

extension OptionFigures {
    subscript(basis: PutCallRatio.Basis) -> Double? {
        switch basis {
        case .openInterest: openInterest
        case .change: change
        case .volume: volume
        }
    }
}
