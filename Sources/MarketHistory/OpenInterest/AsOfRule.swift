public import MarketData

/// Which stored snapshot is returned for a past moment: a pure rule over the source's stamps.
public struct AsOfRule: Sendable {
    /// By which sessions the age of a snapshot is judged.
    public let calendar: TradingCalendar
    /// How old a snapshot may be at the moment requested, in seconds of trading.
    public let largestAge: Int64
    /// How far apart the sources' values move, in seconds: a younger snapshot is the newest there was.
    public let refresh: Int64

    /// A rule; three of the slowest refreshes that were seen, unless said otherwise.
    public init(calendar: TradingCalendar = .nse, largestAge: Int64 = 900, refresh: Int64 = 180) {
        self.calendar = calendar
        self.largestAge = largestAge
        self.refresh = refresh
    }

    /// How well a stamp fits a moment.
    public enum Verdict: Hashable, Sendable {
        /// Nothing newer can have been known.
        case newest
        /// It was known and is young enough; something newer may have been known too.
        case young
        /// It was known, and is too old to be returned for the moment.
        case old
        /// It was not known yet.
        case later
    }

    /// Judges a stamp against the moment requested.
    public func verdict(on stamp: Timestamp, at moment: Timestamp) -> Verdict {
        guard stamp <= moment else { return .later }
        let session = session(of: moment)
        guard stamp >= session.opens else { return .old }
        let age = min(moment, session.closes).seconds - stamp.seconds
        if age < refresh { return .newest }
        return age <= largestAge ? .young : .old
    }

    /// The session that a moment belongs to: the newest that had opened by then.
    public func session(of moment: Timestamp) -> TradingSession {
        calendar.latestSession(at: moment, segment: .derivatives)
    }

    /// Whether two moments belong to the same session.
    public func isSameSession(_ moment: Timestamp, _ other: Timestamp) -> Bool {
        session(of: moment).date == session(of: other).date
    }
}
