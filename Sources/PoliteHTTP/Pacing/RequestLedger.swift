public import MarketData

/// What a site was asked and how it took it, as far as that outlives a process: the day's requests and a stop.
public struct RequestLedger: Hashable, Sendable {
    /// The day in India that `requests` is of; `nil` before the first request.
    public var day: CalendarDate?
    /// Requests sent on that day.
    public var requests: Int
    /// When the last one was sent.
    public var lastRequest: Timestamp?
    /// Why the site is left alone, which may be over by now.
    public var stop: SourceStop?
    /// Failures without an answer between them.
    public var failuresInARow: Int

    /// A ledger; empty, unless said otherwise.
    public init(
        day: CalendarDate? = nil, requests: Int = 0, lastRequest: Timestamp? = nil, stop: SourceStop? = nil,
        failuresInARow: Int = 0
    ) {
        self.day = day
        self.requests = requests
        self.lastRequest = lastRequest
        self.stop = stop
        self.failuresInARow = failuresInARow
    }

    /// Requests sent on the Indian day of a moment.
    public func spent(at now: Timestamp) -> Int { day == IndianTime.date(now) ? requests : 0 }

    /// Counts a request.
    public mutating func count(at now: Timestamp) {
        requests = spent(at: now) + 1
        day = IndianTime.date(now)
        lastRequest = now
    }
}
