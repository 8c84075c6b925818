import MarketData
import MarketHistory

/// The sources of open interest in order of trust, asked for now, for a moment, or for what they have of a range.
struct OpenInterestSources: OpenInterestFailover {
    let order: TrustOrder<any OpenInterestProvider>

    /// The figures of now, of the first source that can answer.
    func now(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await order.askHedged({ try await $0.openInterest(request) }, sourceOf: \.provenance.source)
    }

    /// The figures of now for a recording: a refusal is waited out, so that the series stays of one source.
    func recorded(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await order.ask(
            { try await $0.openInterest(request) }, sourceOf: \.provenance.source, unless: [.throttled])
    }

    /// The figures known at a moment, of the session that it belongs to. A source that has nothing of it, or no longer
    /// lists the contracts, lets the next one answer: one source has the day, another the days before.
    func known(
        _ request: OpenInterestRequest, at moment: Timestamp, _ rule: AsOfRule
    ) async throws -> OpenInterestSnapshot {
        var failures: [MarketDataError] = []
        for provider in order.providers {
            do {
                let answer = try await provider.openInterest(request)
                order.ledger.received(from: answer.provenance.source)
                guard answer.provenance.asOf <= moment else {
                    throw MarketDataError(
                        .noDataForTime,
                        "asked for \(moment), \(answer.provenance.source.rawValue) answered with figures of "
                            + "\(answer.provenance.asOf), which were not known then", source: answer.provenance.source)
                }
                guard rule.verdict(on: answer.provenance.asOf, at: moment) != .old else {
                    throw MarketDataError(
                        .noDataForTime,
                        "asked for \(moment), \(answer.provenance.source.rawValue) answered with figures of "
                            + "\(answer.provenance.asOf), too old to stand for it", source: answer.provenance.source)
                }
                return answer
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = order.note(error)
                failures.append(failure)
                guard failure.code.letsNextSourceTellThePast else { throw failure }
            }
        }
        throw failures.first { $0.code != .notSupported } ?? failures.first
            ?? MarketDataError(.notSupported, "no source for \(order.subject) is configured")
    }

    /// The expiries that are listed now.
    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try await order.askHedged({ try await $0.expiries(of: symbol) }, sourceOf: \.provenance.source)
    }

    /// What the first source that keeps a history has of a range.
    func history(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try await order.ask {
            try await $0.openInterestHistory(of: symbol, expiry: expiry, within: range)
        } sourceOf: {
            $0.last?.provenance.source
        }
    }

    /// The same where a store has some of it: of a source that tells closes, only the days that are lacking.
    func history(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange, lacking: LackingCloses
    ) async throws -> [OpenInterestSnapshot] {
        try await order.ask { provider in
            guard let closing = provider as? any ClosingOpenInterestProvider else {
                return try await provider.openInterestHistory(of: symbol, expiry: expiry, within: range)
            }
            let days = lacking.days(of: closing.source)
            return days.isEmpty ? [] : try await closing.closingOpenInterest(of: symbol, expiry: expiry, on: days)
        } sourceOf: {
            $0.last?.provenance.source
        }
    }
}

extension MarketDataError.Code {
    fileprivate var letsNextSourceTellThePast: Bool {
        letsNextSourceAnswer || self == .noDataForTime || self == .expiryNotListed
    }
}
