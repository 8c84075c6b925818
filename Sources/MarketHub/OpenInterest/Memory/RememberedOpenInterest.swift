public import MarketData

/// Open interest of the sources, and of what was kept of them: now is asked upstream, a past moment is answered with
/// what was known then (docs/decisions/0009-recorder.md).
public struct RememberedOpenInterest: OpenInterestProvider {
    let sources: OpenInterestSources
    let memory: OpenInterestMemory
    let rule: AsOfRule
    let clock: @Sendable () -> Timestamp

    /// The option expiries that the sources list now.
    /// - Throws: `MarketDataError`.
    public func expiries(of symbol: Symbol) async throws -> ExpiryList { try await sources.expiries(of: symbol) }

    /// Open interest of now from the sources, or of a past moment as it was known then.
    /// - Throws: `MarketDataError`; `noDataForTime` where nothing young enough was known.
    public func openInterest(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        guard let moment = request.at else {
            let snapshot = try await sources.now(of: request.symbol, expiry: request.expiry)
            await memory.keep(snapshot)
            return snapshot
        }
        let stored = try await memory.newest(request, at: moment, rule)
        let verdict = stored.map { rule.verdict(on: $0.provenance.asOf, at: moment) }
        if let stored, verdict == .newest { return stored.fromStore }
        if let stored, verdict == .young, !rule.isSameSession(moment, clock()) { return stored.fromStore }
        do {
            let answer = try await sources.known(request, at: moment)
            await memory.keep(answer)
            guard let stored, verdict == .young, stored.provenance.asOf > answer.provenance.asOf else { return answer }
            return stored.fromStore
        } catch let error as MarketDataError {
            if let stored, verdict == .young { return stored.fromStore }
            throw RememberedOpenInterest.nothing(of: request, at: moment, stored, after: error)
        }
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
