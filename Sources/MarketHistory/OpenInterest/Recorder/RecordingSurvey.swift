public import MarketData
import MarketStore

/// The gaps in the recorded open interest of an underlying, per session.
public struct RecordingSurvey: Sendable {
    /// The gaps of one chain in one session.
    public struct Part: Hashable, Sendable {
        /// When the options expire; `nil` where nothing of the underlying was recorded in the session.
        public let expiry: CalendarDate?
        /// The source of the session's series: the one with the most snapshots; on a tie, the first in failover
        /// order; `nil` if there is none.
        public let source: Provenance.Source?
        /// How many snapshots of it are there.
        public let snapshots: Int
        /// What of it is not.
        public let gaps: [RecordingGap]
        /// What other sources reported of the session.
        public let others: [RecordedStretch]
    }

    /// Sessions looked through at once, at the most.
    public static let mostSessions = 400

    /// The underlying.
    public let symbol: Symbol
    /// By session and expiry, ascending.
    public let parts: [Part]

    /// Looks through the sessions that reach into a range.
    /// - Parameters:
    ///   - symbol: The underlying.
    ///   - expiry: The only expiry to look at; `nil` for all that were recorded.
    ///   - range: The range to look at.
    ///   - store: The store of the snapshots.
    ///   - calendar: The trading calendar of the underlying.
    ///   - largestStep: Two stamps farther apart, in seconds, have a gap between them.
    ///   - now: The time; what comes after it is not a gap.
    /// - Throws: `StoreError`; `MarketDataError` `tooLarge` for more than `mostSessions`.
    public init(
        of symbol: Symbol, expiry: CalendarDate? = nil, over range: TimeRange,
        in store: OpenInterestRecorder.Store, calendar: TradingCalendar, largestStep: Int64, now: Timestamp
    ) async throws {
        self.symbol = symbol
        let expiries = try await store.expiries(of: symbol)
        var parts: [Part] = []
        for session in try RecordingSurvey.sessions(in: range, calendar, now: now) {
            let whole = TimeRange(from: session.opens, to: session.closes.advanced(bySeconds: largestStep))
            var recorded: [Part] = []
            for date in expiries where date >= session.date && expiry.map({ $0 == date }) ?? true {
                let stamps = try await store.sourceStamps(of: symbol, expiry: date, in: whole)
                let watches = try await store.watches(of: symbol, expiry: date, in: whole)
                if stamps.isEmpty && watches.isEmpty { continue }
                let gaps = RecordingGapFinder.gaps(
                    in: session, until: now, stamps: stamps, watches: watches, largestStep: largestStep)
                recorded.append(Part(date, SessionStamps(stamps), gaps, within: whole))
            }
            if recorded.isEmpty {
                let gaps = RecordingGapFinder.gaps(
                    in: session, until: now, stamps: [], watches: [], largestStep: largestStep)
                recorded = [Part(expiry, SessionStamps([]), gaps, within: whole)]
            }
            parts += recorded
        }
        self.parts = parts
    }

    private static func sessions(
        in range: TimeRange, _ calendar: TradingCalendar, now: Timestamp
    ) throws(MarketDataError) -> [TradingSession] {
        let end = min(range.to, now)
        var sessions: [TradingSession] = []
        var day = calendar.date(at: range.from)
        while calendar.timestamp(day, ClockTime(hour: 0, minute: 0)) < end {
            if let session = calendar.session(on: day, segment: .derivatives), session.opens < end,
                session.closes > range.from
            {
                sessions.append(session)
            }
            guard sessions.count <= mostSessions else {
                throw MarketDataError(
                    .tooLarge, "the range holds more than \(mostSessions) sessions; request a shorter one")
            }
            day = day.advanced(byDays: 1)
        }
        return sessions
    }
}

extension RecordingSurvey.Part {
    fileprivate init(
        _ expiry: CalendarDate?, _ stamps: SessionStamps, _ gaps: [RecordingGap], within session: TimeRange
    ) {
        self.expiry = expiry
        source = stamps.shown
        snapshots = stamps.stamps(of: stamps.shown).count
        self.gaps = gaps
        others = stamps.stretches(beside: stamps.shown, within: session)
    }
}
