public import MarketData

/// Open interest of the sources, and of what was kept of them: now is asked upstream, a past moment is answered with
/// what was known then (docs/decisions/0009-recorder.md).
public struct RememberedOpenInterest: OpenInterestProvider {
    let sources: any OpenInterestFailover
    let memory: OpenInterestMemory
    let rule: AsOfRule
    let clock: @Sendable () -> Timestamp

    package init(
        sources: any OpenInterestFailover, memory: OpenInterestMemory, rule: AsOfRule,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.sources = sources
        self.memory = memory
        self.rule = rule
        self.clock = clock
    }

    /// The option expiries that the sources list now.
    /// - Throws: `MarketDataError`.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList { try await sources.expiries(of: symbol) }

    /// Open interest of now from the sources, or of a past moment as it was known then.
    /// - Throws: `MarketDataError`; `noDataForTime` where nothing young enough was known.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        guard let moment = request.at else {
            let snapshot = try await sources.now(request)
            await keep(snapshot, answering: request)
            return snapshot
        }
        guard moment <= clock() else { throw MarketDataError(.noDataForTime, "\(moment) is yet to come") }
        let stored = try await memory.newest(request, at: moment, rule)
        let verdict = stored.map { rule.verdict(on: $0.provenance.asOf, at: moment) }
        let isToday = rule.isSameSession(moment, clock())
        // Other strikes than the usual are not kept: while the source can, it is asked for them.
        let isUsual = request.strikes == .usual
        if let stored, verdict == .newest, isUsual || !isToday { return try given(stored, request) }
        if let stored, verdict == .young, !isToday { return try given(stored, request) }
        do {
            let answer = try await sources.known(request, at: moment, rule)
            await keep(answer, answering: request)
            guard let stored, isUsual, verdict == .young, stored.provenance.asOf > answer.provenance.asOf else {
                return answer
            }
            return stored.fromStore
        } catch let error as MarketDataError {
            if let stored, verdict == .newest || verdict == .young { return try given(stored, request) }
            throw RememberedOpenInterest.nothing(of: request, at: moment, stored, after: error)
        }
    }

    /// The newest snapshot of an expiry that was kept, however old; `nil` where none was.
    /// - Throws: `MarketDataError`.
    public func lastKept(_ request: OpenInterestRequest) async throws(MarketDataError) -> OpenInterestSnapshot? {
        guard let newest = try await memory.newest(request, at: clock(), rule) else { return nil }
        return try given(newest, request)
    }

    /// Only the usual strikes are kept: what stands under one stamp must not depend on who asked first.
    private func keep(_ snapshot: OpenInterestSnapshot, answering request: OpenInterestRequest) async {
        if request.strikes == .usual { await memory.keep(snapshot) }
    }

    /// A stored snapshot with those of the strikes asked for that it has.
    private func given(
        _ stored: OpenInterestSnapshot, _ request: OpenInterestRequest
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        var snapshot = stored.fromStore
        guard case .range(let lowest, let highest) = request.strikes else { return snapshot }
        snapshot.strikes.removeAll { $0.strike < lowest || $0.strike > highest }
        guard !snapshot.strikes.isEmpty else {
            throw MarketDataError(
                .noDataForTime,
                "the store's snapshot of \(snapshot.provenance.asOf) has none of the strikes \(request.strikes)",
                source: .store)
        }
        return snapshot
    }

    private static func nothing(
        of request: OpenInterestRequest, at moment: Timestamp, _ stored: OpenInterestSnapshot?,
        after error: MarketDataError
    ) -> MarketDataError {
        let chain = request.symbol.description + (request.expiry.map { " \($0)" } ?? "")
        let known = stored.map {
            "the newest that the store knows of then is of \($0.provenance.asOf), too old to stand for \(moment)"
        }
        let words = known ?? "the store has no snapshot of \(chain) from before \(moment)"
        return MarketDataError(
            error.code, "\(error.message); \(words)", source: error.source, recovery: error.recovery,
            suggestions: error.suggestions)
    }
}
