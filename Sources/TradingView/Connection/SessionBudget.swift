/// How many chart and quote sessions may still be made on one connection.
///
/// TradingView answers about the two hundredth with "max sessions rate reached", whether or not the earlier ones were
/// deleted, so a connection is replaced before.
struct SessionBudget {
    private let limit: Int
    private(set) var made = 0

    init(limit: Int) { self.limit = limit }

    /// How many may still be made.
    var left: Int { max(0, limit - made) }

    /// Counts a session that is made.
    mutating func take() { made += 1 }

    /// Whether a new connection is due: this one is spent, and a new one would not be spent by what stays open.
    func isReplacementDue(open: Int) -> Bool { left == 0 && open < limit }
}
