import MarketData

/// In which terms a client wants an instrument's prices: what stands beside the symbol in `resolve_symbol`.
struct SpokenTerms: Hashable, Sendable {
    var adjustment = Adjustment.splits
    var backAdjusted = false
    /// `nil` for the instrument's own.
    var currency: String?
}
