/// How much dealers must trade as the price moves, if they hold what they are assumed to hold.
public struct GammaExposure: Hashable, Sendable {
    /// Of one strike, in the currency of the underlying for a move of one percent.
    public struct Row: Hashable, Sendable {
        /// The strike.
        public let strike: Strike
        /// Of the calls, zero or above; `nil` where greeks or open interest are not known.
        public let call: Double?
        /// Of the puts, zero or below; `nil` where greeks or open interest are not known.
        public let put: Double?
    }

    /// What is taken for granted, to be shown with the figures.
    public static let assumption =
        "dealers are assumed to hold every call and to have written every put; nobody reports who holds what"

    /// Ascending by strike.
    public let rows: [Row]
    /// The sum over all sides that are known.
    public let total: Double
    /// The sum of their sizes: what the net exposure is to be seen against.
    public var gross: Double { rows.reduce(0) { $0 + abs($1.call ?? 0) + abs($1.put ?? 0) } }
    /// How many sides have open interest but no greeks, and are in no sum.
    public let sidesLeftOut: Int
}
