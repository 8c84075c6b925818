package import MarketData

/// The sources of open interest in order of trust: each request goes to the first that can answer it.
package protocol OpenInterestFailover: Sendable {
    /// Returns the current snapshot.
    func now(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot

    /// Returns the current snapshot for a recording: a throttled source is waited for, so that the series has one source.
    func recorded(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot

    /// Returns what was known at a moment, of the session that it belongs to.
    func known(
        _ request: OpenInterestRequest, at moment: Timestamp, _ rule: AsOfRule
    ) async throws -> OpenInterestSnapshot

    /// Returns the expiries that are listed now.
    func expiries(of symbol: Symbol) async throws -> ExpiryList

    /// Returns what the first source that keeps a history has of a range.
    func history(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot]

    /// Returns the same where a store has some of it: of a source of daily closes, only the missing days.
    func history(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange, lacking: LackingCloses
    ) async throws -> [OpenInterestSnapshot]
}
