import MarketData

/// Some bars in a row, and whether there is anything before them.
struct BarPage: Equatable, Sendable {
    /// Ascending.
    var bars: [Bar]
    /// Whether the history begins with the first of them.
    var reachesStart: Bool
}
