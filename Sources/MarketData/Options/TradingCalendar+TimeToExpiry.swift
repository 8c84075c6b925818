extension TradingCalendar {
    /// When the options of an expiry day cease to trade: the close of derivatives trading on that day.
    public func expiryClose(_ expiry: CalendarDate) -> Timestamp {
        timestamp(expiry, hours(on: expiry, segment: .derivatives).closes)
    }

    /// Years of 365 days from an instant to the close of derivatives trading on the expiry day, by the hours of that day
    /// (at NSE 15:30, and 15:40 since 2026-08-03).
    ///
    /// Unknown once that close has come.
    public func yearsToExpiry(_ expiry: CalendarDate, from time: Timestamp) -> Figure<Double> {
        let close = expiryClose(expiry)
        guard time < close else { return .unknown(reason: "the options of \(expiry) expired at \(close)") }
        return .known(Double(close.milliseconds - time.milliseconds) / (365 * 86_400_000))
    }
}
