import Foundation
import MarketData

/// When an exchange outside India trades, on its own clock. Its holidays are not known here: the mock market trades on them.
struct ExchangeHours: Sendable {
    let calendar: TradingCalendar
    let timeZone: String
    /// As TradingView writes it.
    let session: String

    /// Of an exchange; `nil` for those that keep the hours of NSE.
    static func of(_ exchange: String) -> ExchangeHours? { all[exchange] }

    private static let all = [
        "NASDAQ": weekdays(
            "America/New_York", from: ClockTime(hour: 9, minute: 30), to: ClockTime(hour: 16, minute: 0)),
        "ASX": weekdays("Australia/Sydney", from: ClockTime(hour: 10, minute: 0), to: ClockTime(hour: 16, minute: 0)),
        // From midnight to midnight of UTC; what a currency trades on Sunday evenings is left out.
        "OANDA": weekdays("Etc/UTC", from: ClockTime(hour: 0, minute: 0), to: ClockTime(hour: 24, minute: 0)),
        "BINANCE": ExchangeHours(
            calendar: .continuous(utcOffsetSeconds: 0), timeZone: "Etc/UTC",
            session: SessionHours.wholeDay.tradingViewText),
    ]

    private static func weekdays(_ zone: String, from opens: ClockTime, to closes: ClockTime) -> ExchangeHours {
        let hours = SessionHours(opens: opens, closes: closes)
        let days = hours == .wholeDay ? ":23456" : ""
        return ExchangeHours(
            calendar: .weekdays(hours, in: TimeZone(identifier: zone) ?? .gmt), timeZone: zone,
            session: "\(opens)-\(closes)".filter { $0 != ":" } + days)
    }
}
