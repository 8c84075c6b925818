import Foundation
import MarketData

/// When an exchange trades that does not keep the hours of NSE, on its own clock. Its holidays are not known here: the mock market trades on them.
struct ExchangeHours: Sendable {
    let calendar: TradingCalendar
    let timeZone: String
    /// As TradingView writes it.
    let session: String

    /// Of an exchange; `nil` for those that keep the hours of NSE.
    static func of(_ exchange: String) -> ExchangeHours? { all[exchange] }

    private static let all = [
        "NASDAQ": weekdays("NASDAQ", from: ClockTime(hour: 9, minute: 30), to: ClockTime(hour: 16, minute: 0)),
        "MCX": weekdays("MCX", from: ClockTime(hour: 9, minute: 0), to: ClockTime(hour: 23, minute: 30)),
        "ASX": weekdays("ASX", from: ClockTime(hour: 10, minute: 0), to: ClockTime(hour: 16, minute: 0)),
        // From midnight to midnight; what a currency trades on Sunday evenings is left out.
        "OANDA": weekdays("OANDA", from: ClockTime(hour: 0, minute: 0), to: ClockTime(hour: 24, minute: 0)),
        "BINANCE": ExchangeHours(
            calendar: .continuous(utcOffsetSeconds: 0), timeZone: "Etc/UTC",
            session: SessionHours.wholeDay.tradingViewText),
    ]

    private static func weekdays(_ exchange: String, from opens: ClockTime, to closes: ClockTime) -> ExchangeHours {
        guard let zone = ExchangeZone.zone(of: exchange) else {
            preconditionFailure("the time-zone database has no zone for \(exchange)")
        }
        let hours = SessionHours(opens: opens, closes: closes)
        let days = hours == .wholeDay ? ":23456" : ""
        return ExchangeHours(
            calendar: .weekdays(hours, in: zone), timeZone: zone.identifier,
            session: "\(opens)-\(closes)".filter { $0 != ":" } + days)
    }
}
