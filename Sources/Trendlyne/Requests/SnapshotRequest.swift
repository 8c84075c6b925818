import MarketData

/// One query for open interest, with the moment in the words of the source: a trading day and a minute of it.
struct SnapshotRequest: Hashable, Sendable {
    let symbol: Symbol
    let expiry: CalendarDate
    /// The moment that was requested; `nil` for now.
    let at: Timestamp?
    /// The trading day that the moment belongs to: the newest one that had opened by then.
    let tradingDate: CalendarDate
    /// When that day's trading in derivatives begins.
    let minTime: ClockTime
    /// The minute of the snapshot, the day's close at the latest.
    let maxTime: ClockTime
    /// The requested strikes; `nil` for the window that the source serves by default.
    private(set) var strikes: StrikeRange?

    /// The query for a moment, or for now.
    /// - Throws: `MarketDataError` `noDataForTime` for a moment in the future.
    init(
        symbol: Symbol, expiry: CalendarDate, at: Timestamp?, now: Timestamp, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) {
        if let at, at > now.advanced(bySeconds: SnapshotRequest.clockTolerance) {
            throw MarketDataError.inFuture(at, now: now, source: .trendlyne)
        }
        let moment = at ?? now
        let session = calendar.latestSession(at: moment, segment: .derivatives)
        self.init(
            symbol: symbol, expiry: expiry, at: at, tradingDate: session.date,
            minTime: IndianTime.split(session.opens).time,
            maxTime: IndianTime.split(min(moment, session.closes)).time.toTheMinute
        )
    }

    private init(
        symbol: Symbol, expiry: CalendarDate, at: Timestamp?, tradingDate: CalendarDate, minTime: ClockTime,
        maxTime: ClockTime
    ) {
        self.symbol = symbol
        self.expiry = expiry
        self.at = at
        self.tradingDate = tradingDate
        self.minTime = minTime
        self.maxTime = maxTime
    }

    /// The same query put to an earlier minute, for a source whose steps of five minutes are stamped with their end;
    /// `nil` if that lies before the opening.
    var oneStepEarlier: SnapshotRequest? {
        let earlier = ClockTime(secondsAfterMidnight: maxTime.secondsAfterMidnight - SnapshotRequest.step)
        guard earlier >= minTime else { return nil }
        var query = SnapshotRequest(
            symbol: symbol, expiry: expiry, at: at, tradingDate: tradingDate, minTime: minTime, maxTime: earlier
        )
        query.strikes = strikes
        return query
    }

    /// The same query about certain strikes.
    func about(_ strikes: StrikeRange) -> SnapshotRequest {
        var query = self
        query.strikes = strikes
        return query
    }

    /// The moment in India's time, for messages: the one that was requested, not the minute that is sent.
    var words: String {
        guard let at else { return "\(tradingDate) \(maxTime) (India)" }
        let (date, time) = IndianTime.split(at)
        return "\(date) \(time) (India)"
    }

    private static let clockTolerance: Int64 = 60
    private static let step = 300
}

extension ClockTime {
    fileprivate var toTheMinute: ClockTime { ClockTime(secondsAfterMidnight: secondsAfterMidnight / 60 * 60) }
}

/// The strikes from one price to another, both included.
struct StrikeRange: Hashable, Sendable {
    let from: Strike
    let to: Strike

    /// The range that holds all of some strikes; `nil` of none.
    init?(of strikes: [Strike]) {
        guard let from = strikes.min(), let to = strikes.max() else { return nil }
        self.init(from: from, to: to)
    }

    init(from: Strike, to: Strike) {
        self.from = from
        self.to = to
    }

    func holds(_ strike: Strike) -> Bool { from <= strike && strike <= to }
    func holds(_ other: StrikeRange) -> Bool { from <= other.from && other.to <= to }
}

extension StrikeRange: CustomStringConvertible {
    var description: String { "\(from) to \(to)" }
}
