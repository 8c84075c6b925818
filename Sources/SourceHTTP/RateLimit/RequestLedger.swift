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
    public var stop: Cooldown?
    /// Failures without an answer between them.
    public var failuresInARow: Int

    /// A ledger; empty, unless said otherwise.
    public init(
        day: CalendarDate? = nil, requests: Int = 0, lastRequest: Timestamp? = nil, stop: Cooldown? = nil,
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

// What several processes tell one another: how much was asked, and that the site refused. That it is down or cannot be
// reached each finds out for itself, so that a fault that is mended is over for the next one at once.
extension RequestLedger {
    /// This ledger, which others share, with what a process knows for itself.
    func joined(by own: RequestLedger) -> RequestLedger {
        var ledger = self
        ledger.failuresInARow = own.failuresInARow
        if let failure = own.stop, failure.cause == .failed, failure.until > ledger.stop?.until ?? longAgo {
            ledger.stop = failure
        }
        return ledger
    }

    /// What of this ledger others may see, after the ledger that they share.
    func shared(after former: RequestLedger) -> RequestLedger {
        var ledger = self
        ledger.failuresInARow = 0
        if stop?.cause == .failed { ledger.stop = former.stop }
        return ledger
    }

    private var longAgo: Timestamp { Timestamp(milliseconds: .min) }
}
