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

    /// Which of two reasons stands where both were given; the more telling one.
    var rank: Int {
        switch self {
        case .noTrades: 0
        case .closed: 1
        case .beforeHistory: 2
        case .neverTraded: 3
        }
    }
}
