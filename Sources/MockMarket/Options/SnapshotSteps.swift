import MarketData

/// The moments at which open interest is told anew: every three minutes of a session, and at its close.
struct SnapshotSteps {
    static let seconds: Int64 = 180

    /// One of those moments.
    struct Step {
        let session: TradingSession
        /// The session before.
        let previous: TradingSession
        /// 0 at the opening, `count` at the close.
        let number: Int
        let count: Int

        var fraction: Double { Double(number) / Double(count) }

        var time: Timestamp {
            number == count ? session.closes : session.opens.advanced(bySeconds: Int64(number) * SnapshotSteps.seconds)
        }
    }

    let calendar: TradingCalendar
    let segment: TradingCalendar.Segment

    /// The newest such moment that has come by another; between two sessions the close of the earlier one.
    func step(at moment: Timestamp) -> Step {
        let session = calendar.latestSession(at: moment, segment: segment)
        let count = (session.seconds + SnapshotSteps.seconds - 1) / SnapshotSteps.seconds
        let passed = (moment.seconds - session.opens.seconds) / SnapshotSteps.seconds
        let before = Timestamp(milliseconds: session.opens.milliseconds - 1)
        return Step(
            session: session, previous: calendar.latestSession(at: before, segment: segment),
            number: Int(moment >= session.closes ? count : min(passed, count - 1)), count: Int(count)
        )
    }

    /// The moments within a range, ascending, at most `limit + 1`.
    func times(within range: TimeRange, limit: Int) -> [Timestamp] {
        var times: [Timestamp] = []
        var session = calendar.latestSession(at: range.from, segment: segment)
        while session.opens < range.to, times.count <= limit {
            var time = session.opens
            while times.count <= limit {
                if range.contains(time), times.last != time { times.append(time) }
                guard time < session.closes else { break }
                time = min(time.advanced(bySeconds: SnapshotSteps.seconds), session.closes)
            }
            let lastInstant = Timestamp(milliseconds: session.closes.milliseconds - 1)
            session = calendar.nextSession(after: lastInstant, segment: segment)
        }
        return times
    }
}
