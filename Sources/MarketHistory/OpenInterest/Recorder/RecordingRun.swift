import MarketData
import MarketStore

/// One run of a recorder: does what the schedule says, one request at a time.
struct RecordingRun {
    private let recorder: OpenInterestRecorder
    private var schedule: RecordingSchedule
    private var notes: WatchNotes
    private var refusal: MarketDataError?

    init(recorder: OpenInterestRecorder) {
        self.recorder = recorder
        schedule = RecordingSchedule(recorder.plan, calendar: recorder.calendar)
        notes = WatchNotes(recorder.plan)
    }

    private var now: Timestamp { recorder.clock.now() }

    /// Does the next thing.
    mutating func step() async throws {
        try Task.checkCancellation()
        let action = schedule.next(at: now)
        do {
            switch action {
            case .list(let symbol): try await list(symbol)
            case .look(let chain): try await look(chain)
            case .fill(let chain, let moment): try await fill(chain, at: moment)
            case .wait(let instant, let reason): try await wait(until: instant, reason)
            }
        } catch let error as MarketDataError {
            try await failed(action, error)
        }
    }

    private mutating func list(_ symbol: Symbol) async throws {
        let list = try await recorder.sources.expiries(of: symbol)
        for chain in schedule.listed(symbol, list.expiries, at: now) { try await follow(chain) }
    }

    /// Begins with the stored snapshots of the session, and requests the missing ones.
    private mutating func follow(_ chain: RecordedChain) async throws {
        guard let session = schedule.session else { return }
        let range = TimeRange(from: session.opens, to: session.closes.advanced(bySeconds: 86_400))
        let known = try await recorder.store.sourceStamps(of: chain.symbol, expiry: chain.expiry, in: range)
        schedule.remember(chain, known)
        try recorder.report(.follows(chain, known: known.count))
        // What lies after the last one is reported once the next one is there.
        let stamps = SessionStamps(known)
        if let shown = stamps.shown, let last = stamps.stamps(of: shown).last {
            try await reportGaps(of: session, until: last, of: shown, in: chain)
        }
    }

    private mutating func look(_ chain: RecordedChain) async throws {
        let snapshot = try await recorder.sources.recorded(chain.request).forKeeping
        let outcome = try await recorder.store.append(snapshot)
        let gap = schedule.looked(
            chain, snapshot.provenance.asOf, of: snapshot.provenance.source, at: now)
        try await note(chain, .watched)
        if outcome == .stored { try recorder.report(.kept(snapshot, fillsGap: false)) }
        if let gap { try await report(gap, in: chain) }
    }

    private mutating func fill(_ chain: RecordedChain, at moment: Timestamp) async throws {
        let request = OpenInterestRequest(symbol: chain.symbol, expiry: chain.expiry, at: moment)
        let rule = AsOfRule(calendar: recorder.calendar)
        let snapshot = try await recorder.sources.known(request, at: moment, rule).forKeeping
        let outcome = try await recorder.store.append(snapshot)
        schedule.filled(chain, snapshot.provenance.asOf, of: snapshot.provenance.source, at: now)
        if outcome == .stored { try recorder.report(.kept(snapshot, fillsGap: true)) }
    }

    private mutating func wait(until instant: Timestamp, _ reason: RecordingSchedule.Reason) async throws {
        let session = recorder.calendar.nextSession(after: now, segment: .derivatives)
        switch reason {
        case .nextLook, .paused: break
        case .nextSession:
            try await reportMissing()
            try recorder.report(.rests(until: session, isBudgetSpent: false))
        case .budgetSpent:
            for chain in schedule.chains { try await note(chain, .refused, nextDue: instant) }
            try recorder.report(.rests(until: session, isBudgetSpent: true))
        case .nothingToRecord: if let refusal { throw RecordingRefused(error: refusal) }
        }
        try await recorder.clock.sleep(instant)
    }

    private mutating func failed(_ action: RecordingSchedule.Action, _ error: MarketDataError) async throws {
        let chains = schedule.chains
        schedule.failed(action, error, at: now)
        if let until = schedule.pausedUntil, until > now {
            try recorder.report(.paused(error, until: until))
            for chain in chains { try await note(chain, RecordingWatch.Outcome(error), nextDue: until) }
        } else if case .list(let symbol) = action {
            refusal = refusal ?? error
            try recorder.report(.dropped(symbol, error))
        } else if case .look(let chain) = action {
            try await note(chain, RecordingWatch.Outcome(error))
        }
    }

    private mutating func note(
        _ chain: RecordedChain, _ outcome: RecordingWatch.Outcome, nextDue due: Timestamp? = nil
    ) async throws {
        let due = due ?? schedule.nextLook(at: chain) ?? now
        try await recorder.store.note(notes.looked(chain, outcome, at: now, nextDue: due))
    }

    /// Reports the gap between two stamps of a source, and its reason.
    private func report(_ gap: StampStep, in chain: RecordedChain) async throws {
        guard let session = schedule.session else { return }
        let stretch = TradingSession(date: session.date, opens: gap.span.from, closes: gap.span.to)
        try await reportGaps(of: stretch, until: gap.span.to, of: gap.source, in: chain)
    }

    /// Reports the gaps in the series of the session: that of the source with the most snapshots.
    private func reportMissing() async throws {
        guard let session = schedule.session else { return }
        for chain in schedule.chains { try await reportGaps(of: session, until: session.closes, of: nil, in: chain) }
    }

    private func reportGaps(
        of session: TradingSession, until end: Timestamp, of source: Provenance.Source?, in chain: RecordedChain
    ) async throws {
        let range = TimeRange(from: session.opens, to: Timestamp(milliseconds: end.milliseconds + 1))
        let stamps = try await recorder.store.sourceStamps(of: chain.symbol, expiry: chain.expiry, in: range)
        let watches = try await recorder.store.watches(of: chain.symbol, expiry: chain.expiry, in: range)
        let gaps = RecordingGapFinder.gaps(
            in: session, until: end, of: source, stamps: stamps, watches: watches,
            largestStep: recorder.plan.largestStep)
        for gap in gaps { try recorder.report(.gap(chain, gap)) }
    }
}

/// No underlying can be recorded, and why.
struct RecordingRefused: Error {
    let error: MarketDataError
}

/// Turns looks into watches: each look ends the span that began with the one before.
struct WatchNotes {
    private struct Look {
        let time: Timestamp
        let outcome: RecordingWatch.Outcome
        /// When the next look was due; a span that goes on long after it was not watched.
        let due: Timestamp
    }

    private let patience: Int64
    private var last: [RecordedChain: Look] = [:]

    init(_ plan: RecordingPlan) { patience = plan.refresh }

    /// A look at a chain. The span up to it went as it began: what follows a refusal is refused until a response comes.
    mutating func looked(
        _ chain: RecordedChain, _ outcome: RecordingWatch.Outcome, at now: Timestamp, nextDue due: Timestamp
    ) -> RecordingWatch {
        let before = last[chain].flatMap { now <= $0.due.advanced(bySeconds: patience) ? $0 : nil }
        last[chain] = Look(time: now, outcome: outcome, due: max(now, due))
        let start = min(before?.time ?? now, now)
        let stretch = before.map { $0.outcome == .watched ? outcome : $0.outcome } ?? outcome
        return RecordingWatch(
            symbol: chain.symbol, expiry: chain.expiry, span: TimeRange(from: start, to: now), outcome: stretch)
    }
}

extension RecordingWatch.Outcome {
    init(_ error: MarketDataError) {
        self =
            switch error.code {
            case .throttled, .overloaded, .notEntitled, .signInRefused: .refused
            case .noDataForTime: .otherTime
            default: .failed
            }
    }
}
