import MarketData

/// Decides when Trendlyne may be asked: one gap between requests, an allowance for the day, and a rest after a refusal.
///
/// It has no clock; times come in and decisions go out.
struct RequestPacing: Hashable, Sendable {
    /// How a request went.
    enum Outcome: Hashable {
        case answered
        /// An answer came and could not be read; only several in a row mean that something is wrong with the site.
        case odd(String)
        /// The site does not want us: 403, 405, a captcha, a page.
        case refused(String)
        /// 429.
        case tooMany(String, retryAfterSeconds: Int?)
        /// 5xx, time-out, no connection.
        case failed(String, retryAfterSeconds: Int?)
    }

    /// Whether a request may be sent.
    enum Permission: Hashable {
        /// Now; it is counted.
        case granted
        /// After this long; ask again then.
        case wait(milliseconds: Int64)
        /// Not before the stop is over.
        case stopped(SourceStop)
    }

    /// What of the day's allowance is used up; kept by whoever wants it to outlive a restart.
    struct Spending: Hashable {
        /// The day in India.
        var day: CalendarDate
        /// Requests sent on it.
        var requests: Int
    }

    private let pace: RequestPace
    private var lastRequest: Timestamp?
    private var stop: SourceStop?
    private var failuresInARow = 0
    private var oddInARow = 0
    /// What was sent today.
    private(set) var spending: Spending?

    init(_ pace: RequestPace, spending: Spending? = nil) {
        self.pace = pace
        self.spending = spending
    }

    /// Asks to send a request; `granted` counts it as sent.
    mutating func request(at now: Timestamp) -> Permission {
        if let stop = activeStop(at: now) { return .stopped(stop) }
        let wait = untilGapIsOver(at: now)
        guard wait == 0 else { return .wait(milliseconds: wait) }
        stop = nil
        lastRequest = now
        spending = Spending(day: IndianTime.date(now), requests: spent(at: now) + 1)
        return .granted
    }

    /// Takes note of how a request went.
    mutating func finished(_ outcome: Outcome, at now: Timestamp) {
        switch outcome {
        case .answered:
            (failuresInARow, oddInARow) = (0, 0)
        case .odd(let reason):
            oddInARow += 1
            if oddInARow >= RequestPacing.oddAnswersThatStop { fail(reason, retryAfterSeconds: nil, at: now) }
        case .refused(let reason):
            rest(.refused, reason, for: pace.pauseAfterRefusal.wholeMilliseconds, at: now)
        case .tooMany(let reason, let seconds):
            let pause = seconds.map { Int64($0) * 1000 } ?? pace.pauseAfterTooMany.wholeMilliseconds
            rest(.tooManyRequests, reason, for: pause, at: now)
        case .failed(let reason, let seconds):
            fail(reason, retryAfterSeconds: seconds, at: now)
        }
    }

    /// Why no request may be sent now; `nil` when one may.
    func activeStop(at now: Timestamp) -> SourceStop? {
        if let stop, now < stop.until { return stop }
        guard spent(at: now) >= pace.dailyAllowance else { return nil }
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        return SourceStop(
            cause: .allowanceSpent,
            reason: "today's allowance of \(pace.dailyAllowance) requests is used up",
            until: IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        )
    }

    /// How many requests today's allowance still holds.
    func requestsLeft(at now: Timestamp) -> Int { max(0, pace.dailyAllowance - spent(at: now)) }

    private static let oddAnswersThatStop = 3

    private func spent(at now: Timestamp) -> Int {
        guard let spending, spending.day == IndianTime.date(now) else { return 0 }
        return spending.requests
    }

    /// A clock that was set back must not make us wait longer than one gap.
    private func untilGapIsOver(at now: Timestamp) -> Int64 {
        guard let lastRequest else { return 0 }
        let gap = pace.gap.wholeMilliseconds
        return min(gap, max(0, lastRequest.milliseconds + gap - now.milliseconds))
    }

    private mutating func fail(_ reason: String, retryAfterSeconds: Int?, at now: Timestamp) {
        let doublings = min(failuresInARow, 20)
        failuresInARow += 1
        let usual = min(
            pace.longestPauseAfterFailure.wholeMilliseconds,
            pace.pauseAfterFailure.wholeMilliseconds << Int64(doublings)
        )
        rest(.failed, reason, for: retryAfterSeconds.map { Int64($0) * 1000 } ?? usual, at: now)
    }

    private mutating func rest(_ cause: SourceStop.Cause, _ reason: String, for pause: Int64, at now: Timestamp) {
        stop = SourceStop(cause: cause, reason: reason, until: Timestamp(milliseconds: now.milliseconds + pause))
    }
}
