/// Which part of the exchange's day a series covers.
public enum TradingHours: String, CaseIterable, Sendable {
    /// The main session.
    case regular
    /// With what comes before and after it, where the exchange has that.
    case extended
}
