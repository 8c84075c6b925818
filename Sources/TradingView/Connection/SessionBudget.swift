/// How many chart and quote sessions may still be made on one connection.
///
/// TradingView answers about the two hundredth with "max sessions rate reached", whether or not the earlier ones were
/// deleted, so a connection is replaced before.
struct SessionBudget {
    private let limit: Int
    private(set) var made = 0
    private var isExhausted = false

    init(limit: Int) { self.limit = limit }

    /// How many may still be made.
    var left: Int { isExhausted ? 0 : max(0, limit - made) }

    /// Counts a session that is made.
    mutating func take() { made += 1 }

    /// The server says that it allows no more.
    mutating func exhaust() { isExhausted = true }

    /// Whether a new connection is due: this one is spent, and a new one would not be spent by what stays open.
    func isReplacementDue(open: Int) -> Bool { left == 0 && open < limit }
}
