import MarketData

/// The open contracts of one expiry at each strike at the close of one day.
///
/// Calls gather above the price the day began with, puts below; both at round strikes; and more as the expiry nears.
struct OpenContracts {
    enum Side: Int {
        case call, put
    }

    let date: CalendarDate
    /// The price the day began with.
    let reference: Double
    let step: Double
    /// Contracts at the busiest strike on this day, of each side.
    private let most: (call: Double, put: Double)
    private let strikeNoise: SeededNoise
    private let dayNoise: SeededNoise

    init(date: CalendarDate, expiry: CalendarDate, reference: Double, step: Double, peak: Double, noise: SeededNoise) {
        self.date = date
        self.reference = reference
        self.step = step
        strikeNoise = noise.child(0)
        dayNoise = noise.child(date.daysSinceEpoch)
        let daysLeft = Double(max(0, expiry.daysSinceEpoch - date.daysSinceEpoch))
        let grown = peak / (1 + daysLeft / 6)
        most = (grown * (0.75 + 0.5 * dayNoise.fraction(-1)), grown * (0.75 + 0.5 * dayNoise.fraction(-2)))
    }

    /// Contracts at the close.
    func atClose(_ number: Int, _ side: Side) -> Double {
        let place = 2 * number + side.rawValue
        let whim = (0.6 + 0.8 * strikeNoise.fraction(place)) * (0.85 + 0.3 * dayNoise.fraction(place))
        let most = side == .call ? self.most.call : self.most.put
        return (most * shape(number, side) * whim).rounded()
    }

    /// Noise of one option on this day.
    func noise(_ number: Int, _ side: Side) -> SeededNoise {
        dayNoise.child(2 * number + side.rawValue)
    }

    private func shape(_ number: Int, _ side: Side) -> Double {
        let away = (Double(number) * step - reference) / reference * (side == .call ? 1 : -1)
        let width = away < 0.02 ? 0.014 : 0.035
        let distance = (away - 0.02) / width
        let round = number % 20 == 0 ? 2.0 : number % 10 == 0 ? 1.6 : number % 2 == 0 ? 1.2 : 0.8
        return round / 2 / (1 + distance * distance)
    }
}

/// The moments at which open interest is published: every three minutes of a session, and at its close.
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

    /// The newest such moment not after another; between two sessions the close of the earlier one.
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
