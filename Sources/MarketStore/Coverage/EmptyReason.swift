/// Why there is no bar where one might have been.
public enum EmptyReason: String, CaseIterable, Sendable {
    /// The source was asked and had no bar: nothing was traded.
    case noTrades = "no_trades"
    /// The market was closed: a night, a weekend, a holiday.
    case closed
    /// The series begins later.
    case beforeHistory = "before_history"
    /// The instrument has never traded.
    case neverTraded = "never_traded"
    /// There may have been bars; the store let go of them, or never took them in, because its policy does not keep them
    /// so long.
    case retention

    /// Which of two reasons stands where both were given; the more telling one.
    var rank: Int {
        switch self {
        case .retention: 0
        case .noTrades: 1
        case .closed: 2
        case .beforeHistory: 3
        case .neverTraded: 4
        }
    }
}
