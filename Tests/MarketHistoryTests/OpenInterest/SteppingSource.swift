import MarketData
import Synchronization
import TestSupport

/// A source whose values move every three minutes, as Trendlyne's do, at a clock that the test turns.
///
/// A snapshot of step n has n times the lot in its calls, so that what is kept can be recognised.
final class SteppingSource: OpenInterestProvider {
    struct Faults {
        /// Spans without a response.
        var refusals: [TimeRange] = []
        /// What a refusal says of how long to wait, in seconds; `nil` for as long as it lasts.
        var refusalSeconds: Int?
        /// Spans in which the step before their beginning is reported again and again.
        var repeats: [TimeRange] = []
        /// Spans in which the close of the day before is offered, which an adapter refuses to pass on.
        var wrongTimes: [TimeRange] = []
        /// Whether the source is not reached at all.
        var isDown = false
        /// Spans in which the source is not reached.
        var outages: [TimeRange] = []
        /// Whether the values of now are reported, whatever moment is requested.
        var ignoresMoment = false
        /// Whether it responds for earlier moments.
        var hasThePast = true
    }

    static let expiry = CalendarDate(year: 2026, month: 11, day: 24) ?? CalendarDate(daysSinceEpoch: 0)
    /// Seconds from a stamp to its being reported.
    static let lag: Int64 = 25

    let session: TradingSession
    let source: Provenance.Source
    private let clock: ManualClock
    private let state: Mutex<(faults: Faults, requests: [Timestamp?])>

    init(
        _ session: TradingSession, clock: ManualClock, source: Provenance.Source = .trendlyne, faults: Faults = Faults()
    ) {
        self.session = session
        self.source = source
        self.clock = clock
        state = Mutex((faults, []))
    }

    var faults: Faults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// The moments that were requested; `nil` is now.
    var requests: [Timestamp?] { state.withLock { $0.requests } }

    /// Every stamp that the source ever says in the session, that of the opening first.
    var stamps: [Timestamp] {
        (0...Int(session.seconds / 180)).map { session.opens.advanced(bySeconds: Int64($0) * 180) }
    }

    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try respond(nil, counting: false)
        return ExpiryList(
            symbol: symbol, expiries: [SteppingSource.expiry, SteppingSource.expiry.advanced(byDays: 7)], standard: nil,
            provenance: provenance(clock.now))
    }

    func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try respond(request.at, counting: true)
        let now = clock.now
        let faults = faults
        if let at = request.at, !faults.hasThePast || at < session.opens {
            throw MarketDataError(.noDataForTime, "it serves the newest only, not \(at)", source: source)
        }
        var moment = min(now.advanced(bySeconds: -SteppingSource.lag), session.closes)
        if let stuck = faults.repeats.first(where: { $0.contains(now) }) { moment = min(moment, stuck.from) }
        if let at = request.at, !faults.ignoresMoment { moment = min(moment, at) }
        let step = (moment.seconds - session.opens.seconds) / 180
        guard moment >= session.opens else { return snapshot(-1, request) }
        return snapshot(step, request)
    }

    func openInterestHistory(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        throw MarketDataError(.notSupported, "it keeps no history", source: source)
    }

    func snapshot(_ step: Int64, _ request: OpenInterestRequest) -> OpenInterestSnapshot {
        let stamp =
            step < 0 ? session.opens.advanced(bySeconds: -63_000) : session.opens.advanced(bySeconds: step * 180)
        let values = OptionData(openInterest: Double(step + 1) * 65)
        let strike = OptionStrike(strike: Strike(tenThousandths: 240_000_000), call: values, put: values)
        return OpenInterestSnapshot(
            symbol: request.symbol, expiry: request.expiry ?? SteppingSource.expiry, unit: .shares, lotSize: 65,
            spot: 24_000, strikes: [strike], listedStrikes: 1, provenance: provenance(stamp))
    }

    private func provenance(_ stamp: Timestamp) -> Provenance {
        Provenance(
            source: source, feed: "live-oi-data", mode: .delayed, delaySeconds: Int(clock.now.seconds - stamp.seconds),
            asOf: stamp)
    }

    private func respond(_ moment: Timestamp?, counting: Bool) throws {
        let now = clock.now
        let faults = state.withLock { state in
            if counting { state.requests.append(moment) }
            return state.faults
        }
        if faults.isDown || faults.outages.contains(where: { $0.contains(now) }) {
            throw MarketDataError(.upstreamUnavailable, "no connection", source: source)
        }
        if let refusal = faults.refusals.first(where: { $0.contains(now) }) {
            let left = faults.refusalSeconds ?? Int(refusal.to.seconds - now.seconds)
            throw MarketDataError(
                .throttled, "405 from the firewall", source: source, recovery: .retry(afterSeconds: left))
        }
        if faults.wrongTimes.contains(where: { $0.contains(now) }) {
            throw MarketDataError(.noDataForTime, "offered the close of the day before", source: source)
        }
    }
}
