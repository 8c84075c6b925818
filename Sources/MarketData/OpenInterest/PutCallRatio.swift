/// Puts over calls, with both sums beside it; no value, and the reason, where the division has no meaning.
public struct PutCallRatio: Hashable, Sendable {
    /// The summed quantity.
    public enum Basis: String, CaseIterable, Sendable {
        case openInterest, change, volume
    }

    /// The sum over the puts, in the snapshot's unit; `nil` if none is known.
    public let puts: Double?
    /// The sum over the calls, in the snapshot's unit; `nil` if none is known.
    public let calls: Double?
    /// The summed quantity.
    public let basis: Basis
    /// Over how many strikes the sums run; `nil` if they are not sums over strikes.
    public let strikes: PairedStrikes?

    /// A ratio from its sums.
    public init(puts: Double?, calls: Double?, basis: Basis, strikes: PairedStrikes? = nil) {
        self.puts = puts
        self.calls = calls
        self.basis = basis
        self.strikes = strikes
    }

    /// Sum of puts over sum of calls (knowledge: the convention of NSE and Trendlyne); `nil` if `reason` says why.
    public var value: Double? {
        guard reason == nil, let puts, let calls else { return nil }
        return puts / calls
    }

    /// Why there is no value; `nil` when there is one.
    public var reason: String? {
        guard let puts else { return "the puts' \(basis.words) is not known" }
        guard let calls else { return "the calls' \(basis.words) is not known" }
        if let strikes, strikes.areDisjoint {
            return
                "no strike has the \(basis.words) of both its call and its put: sums over different strikes do not compare"
        }
        if calls == 0 { return "the calls' \(basis.words) is zero" }
        if puts < 0 || calls < 0 { return "the \(basis.words) is negative: such sums have no meaningful ratio" }
        return nil
    }

    /// What to know of the value: that its sums run over different strikes; `nil` if they run over the same, and where
    /// there is no value.
    public var note: String? {
        guard reason == nil, let strikes, !strikes.areEqual else { return nil }
        return
            "the sums run over different strikes: puts of \(strikes.puts), calls of \(strikes.calls), both of "
            + "\(strikes.both)"
    }
}

extension PutCallRatio.Basis {
    var words: String {
        switch self {
        case .openInterest: "open interest"
        case .change: "change in open interest"
        case .volume: "volume"
        }
    }
}

/// Over how many strikes the two sums of a put-call ratio run.
public struct PairedStrikes: Hashable, Sendable {
    /// The number of strikes with a value for both the call and the put.
    public var both: Int
    /// The number of strikes with a value for the call only.
    public var callsOnly: Int
    /// The number of strikes with a value for the put only.
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

    /// Counts the strikes with a value.
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
