import MarketData

/// Decides when NSE may be asked: one gap between requests, and a circuit breaker.
///
/// It has no clock; times come in and decisions go out.
struct RequestPacing: Hashable, Sendable {
    /// How a request went.
    enum Outcome: Hashable {
        /// The site works, whatever it said.
        case answered
        /// 5xx, time-out, no connection, or nothing readable.
        case failed(String)
        /// 401 or 403 in spite of fresh cookies.
        case refused(String)
        /// 429.
        case tooMany(String, retryAfterSeconds: Int?)
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

    private let pace: RequestPace
    private var lastRequest: Timestamp?
    private var stop: SourceStop?
    private var failuresInARow = 0

    init(_ pace: RequestPace) { self.pace = pace }

    /// Asks to send a request; `granted` counts it as sent.
    mutating func request(at now: Timestamp) -> Permission {
        if let stop = activeStop(at: now) { return .stopped(stop) }
        let wait = untilGapIsOver(at: now)
        guard wait == 0 else { return .wait(milliseconds: wait) }
        stop = nil
        lastRequest = now
        return .granted
    }

    /// Takes note of how a request went. Once open, the circuit closes with an answer only: a single failure after the
    /// pause opens it again.
    mutating func finished(_ outcome: Outcome, at now: Timestamp) {
        switch outcome {
        case .answered:
            failuresInARow = 0
        case .failed(let reason):
            failuresInARow += 1
            if failuresInARow >= pace.failuresThatStop { rest(.failed, reason, for: pace.pauseAfterFailures, at: now) }
        case .refused(let reason):
            rest(.refused, reason, for: pace.pauseAfterRefusal, at: now)
        case .tooMany(let reason, let seconds):
            let pause = seconds.map { Duration.seconds($0) } ?? pace.pauseAfterTooMany
            rest(.tooManyRequests, reason, for: pause, at: now)
        }
    }

    /// Why no request may be sent now; `nil` when one may.
    func activeStop(at now: Timestamp) -> SourceStop? { stop.flatMap { now < $0.until ? $0 : nil } }

    /// A clock that was set back must not make us wait longer than one gap.
    private func untilGapIsOver(at now: Timestamp) -> Int64 {
        guard let lastRequest else { return 0 }
        let gap = pace.gap.wholeMilliseconds
        return min(gap, max(0, lastRequest.milliseconds + gap - now.milliseconds))
    }

    private mutating func rest(_ cause: SourceStop.Cause, _ reason: String, for pause: Duration, at now: Timestamp) {
        let until = Timestamp(milliseconds: now.milliseconds + pause.wholeMilliseconds)
        stop = SourceStop(cause: cause, reason: reason, until: until)
    }
}
