/// The price of the forward that the premiums of calls and puts agree on.
public struct ImpliedForward: Hashable, Sendable {
    /// In the currency of the underlying.
    public let price: Double
    /// The strikes it was read from, ascending.
    public let strikes: [Strike]

    /// How many strikes around the money are looked at; options further off are seldom traded.
    public static let strikesLookedAt = 7
    /// How many of them, those nearest to the money, are used at most.
    public static let mostStrikes = 5
    /// Fewer than this and one stale premium would decide.
    public static let fewestStrikes = 3
}
