/// Over how many strikes the two sums of a put-call ratio run.
public struct PairedStrikes: Hashable, Sendable {
    /// Strikes of which both the call's and the put's figure is known.
    public var both: Int
    /// Strikes of which the call's figure alone is known.
    public var callsOnly: Int
    /// Strikes of which the put's figure alone is known.
    public var putsOnly: Int

    /// Counts from their parts.
    public init(both: Int, callsOnly: Int, putsOnly: Int) {
        self.both = both
        self.callsOnly = callsOnly
        self.putsOnly = putsOnly
    }

    /// How many strikes the sum of the calls runs over.
    public var calls: Int { both + callsOnly }

    /// How many strikes the sum of the puts runs over.
    public var puts: Int { both + putsOnly }

    /// Whether both sums run over the same strikes.
    public var areEqual: Bool { callsOnly == 0 && putsOnly == 0 }

    /// Whether each sum has strikes and they share none.
    var areDisjoint: Bool { both == 0 && callsOnly > 0 && putsOnly > 0 }

    /// Counts the strikes of which a figure is known.
    init(_ strikes: [OptionStrike], _ basis: PutCallRatio.Basis) {
        (both, callsOnly, putsOnly) = (0, 0, 0)
        for strike in strikes {
            switch (strike.call?[basis] != nil, strike.put?[basis] != nil) {
            case (true, true): both += 1
            case (true, false): callsOnly += 1
            case (false, true): putsOnly += 1
            case (false, false): break
            }
        }
    }
}
