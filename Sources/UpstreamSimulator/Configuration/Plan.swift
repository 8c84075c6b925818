/// What a user of TradingView has paid for.
public enum Plan: String, CaseIterable, Sendable {
    /// No seconds, no minute counts but the usual ones; updates at most every five seconds.
    case free
    /// Seconds and any count of minutes.
    case paid
}
