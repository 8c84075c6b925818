import MarketData

/// When the last bar of a series closes, and so whether it is final.
///
/// A bar is over when a later one opens or when its close time has passed. The source tells the close of the last bar
/// (`lbs.bar_close_time`); where it does not, the interval does, or the session for a daily bar.
struct BarClose {
    let interval: Interval
    /// The instrument's regular hours as TradingView writes them, such as `0915-1530`.
    var session: String?
    /// The close of the last bar as the source told it.
    var announced: Timestamp?
    /// How late the data are: a delayed bar still forms after its close.
    var delaySeconds = 0

    /// Whether the last bar of the series is over at an instant.
    func isFinal(_ bar: Bar, at now: Timestamp) -> Bool {
        closeTime(of: bar).advanced(bySeconds: Int64(delaySeconds)) <= now
    }

    /// The close of the last bar of the series. What is announced may be of an earlier bar, or of the newest one where the
    /// series ends before it.
    func closeTime(of bar: Bar) -> Timestamp {
        let latest = bar.time.advanced(
            bySeconds: interval.seconds ?? Int64(interval.count) * max(86_400, longestSeconds))
        if let announced, announced > bar.time, announced <= latest { return announced }
        return nominalClose(of: bar)
    }

    /// The close of any bar, by its interval and the session alone.
    func nominalClose(of bar: Bar) -> Timestamp {
        if let seconds = interval.seconds { return bar.time.advanced(bySeconds: seconds) }
        return bar.time.advanced(bySeconds: Int64(interval.count) * longestSeconds)
    }

    private var longestSeconds: Int64 {
        switch interval.unit {
        case .week, .month: interval.longestSeconds / Int64(interval.count)
        default: interval.count == 1 ? sessionSeconds : 86_400
        }
    }

    /// From the first opening to the last close of a trading day; a whole day where the session cannot be read.
    private var sessionSeconds: Int64 { session.flatMap(SessionSchedule.longestDay(of:)) ?? 86_400 }
}
