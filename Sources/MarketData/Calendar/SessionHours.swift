/// From when to when an exchange trades on one day, on its own clock.
public struct SessionHours: Hashable, Sendable {
    /// When trading begins.
    public let opens: ClockTime
    /// When it ends; 24:00 where it never does.
    public let closes: ClockTime

    /// Hours from their parts.
    public init(opens: ClockTime, closes: ClockTime) {
        self.opens = opens
        self.closes = closes
    }

    /// As TradingView writes them, such as `0915-1530`; `24x7` for the whole day.
    public var tradingViewText: String {
        if opens.secondsAfterMidnight == 0, closes.secondsAfterMidnight == 86_400 { return "24x7" }
        return "\(opens)-\(closes)".filter { $0 != ":" }
    }
}

extension SessionHours {
    /// From midnight to midnight.
    public static let wholeDay = SessionHours(
        opens: ClockTime(hour: 0, minute: 0), closes: ClockTime(hour: 24, minute: 0)
    )

    /// Shares and indices at NSE and BSE: 09:15 to 15:30.
    public static let indianCash = DatedTable(
        SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30))
    )

    /// Equity derivatives at NSE and BSE: 09:15 to 15:30, and to 15:40 since 2026-08-03, when the closing auction of
    /// the cash market came (NSE circular).
    public static let indianDerivatives = DatedTable(
        SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 30)),
        [("2026-08-03", SessionHours(opens: ClockTime(hour: 9, minute: 15), closes: ClockTime(hour: 15, minute: 40)))]
    )
}
