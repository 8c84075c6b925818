import MarketData

/// When one chain is looked at next: a refresh after the last stamp, and as much later as the source lags.
struct LookPace {
    private let refresh: Int64
    private let pauseAfterRepeat: Int64
    /// When the next look is due.
    private(set) var due: Timestamp
    private var lastStamps: [Provenance.Source: Timestamp] = [:]
    private var repeats: Int64 = 0
    /// Seconds from a stamp to its being served, so far as was seen. It is felt for from above: halved with each look that
    /// found new figures at once, until one came too early.
    private var lag: Int64?
    private var isLagKnown = false

    init(_ plan: RecordingPlan, due: Timestamp) {
        refresh = plan.refresh
        pauseAfterRepeat = plan.pauseAfterRepeat
        self.due = due
    }

    /// A look brought figures; whether they were new.
    mutating func answered(
        _ stamp: Timestamp, of source: Provenance.Source, at now: Timestamp, notBefore earliest: Timestamp
    ) -> Bool {
        guard lastStamps[source].map({ stamp > $0 }) ?? true else {
            lookAgain(at: now, notBefore: earliest)
            return false
        }
        lastStamps[source] = stamp
        feelForLag(max(0, now.seconds - stamp.seconds))
        repeats = 0
        let soonest = now.advanced(bySeconds: pauseAfterRepeat)
        due = max(stamp.advanced(bySeconds: refresh + (lag ?? 0)), soonest, earliest)
        return true
    }

    /// A look brought nothing new; the next one waits a little longer than the last.
    mutating func lookAgain(at now: Timestamp, notBefore earliest: Timestamp) {
        repeats += 1
        isLagKnown = true
        let pause = min(pauseAfterRepeat * ((repeats + 1) / 2), refresh)
        due = max(now.advanced(bySeconds: pause), earliest)
    }

    /// Figures of this stamp are known already, from before.
    mutating func remember(_ stamp: Timestamp, of source: Provenance.Source) {
        lastStamps[source] = max(lastStamps[source] ?? stamp, stamp)
    }

    private mutating func feelForLag(_ seen: Int64) {
        let seen = min(seen, refresh)
        if !isLagKnown {
            lag = lag == nil ? seen : seen / 2
        } else if repeats > 0 || lag == nil {
            lag = seen
        } else {
            // Felt for again, little by little: the source may have grown quicker, or a slip may have looked like a lag.
            let known = min(lag ?? seen, seen)
            lag = known - max(min(known, 1), known / 16)
        }
    }
}
