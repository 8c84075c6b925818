import MarketData
import MarketHistory

/// The sources of open interest with failover: current values, values at a moment, or a range.
struct OpenInterestSources: OpenInterestFailover {
    let failover: SourceFailover<any OpenInterestProvider>

    /// The current values, from the first source that has them; reusable only where that is the preferred one.
    func now(_ request: OpenInterestRequest) async throws -> Reusable<OpenInterestSnapshot> {
        var (snapshot, provider) = try await failover.fetchHedgedFrom(
            { try await $0.openInterestWithValidity(request) }, sourceOf: \.value.provenance.source)
        if provider > 0 { snapshot.validity = nil }
        return snapshot
    }

    /// The current values for a recording. Throttling does not cause failover, so that a series stays with one source.
    func recorded(_ request: OpenInterestRequest) async throws -> OpenInterestSnapshot {
        try await failover.fetch(
            { try await $0.openInterest(request) }, sourceOf: \.provenance.source, unless: [.throttled])
    }

    /// The values known at a moment, from the session it belongs to. If a source has none, or no longer lists the
    /// contracts, the next one is tried: one source has the current day, another the days before.
    func known(
        _ request: OpenInterestRequest, at moment: Timestamp, _ rule: AsOfRule
    ) async throws -> OpenInterestSnapshot {
        try await firstOfThePast(sourceOf: \.provenance.source) { provider in
            try await provider.openInterest(request)
        } check: { value in
            let source = value.provenance.source
            guard value.provenance.asOf <= moment else {
                throw MarketDataError(
                    .noDataForTime,
                    "no open interest at \(moment): \(source.rawValue) returned values from "
                        + "\(value.provenance.asOf), which were not known then", source: source)
            }
            guard rule.verdict(on: value.provenance.asOf, at: moment) != .old else {
                throw MarketDataError(
                    .noDataForTime,
                    "no open interest at \(moment): \(source.rawValue) returned values from "
                        + "\(value.provenance.asOf), which are too old", source: source)
            }
        } absent: {
            MarketDataError(.notSupported, "no source for \(failover.subject) is configured")
        }
    }

    /// The expiries that are listed now.
    func expiries(of symbol: Symbol) async throws -> ExpiryList {
        try await failover.fetchHedged({ try await $0.expiries(of: symbol) }, sourceOf: \.provenance.source)
    }

    /// The expiries that were listed at a moment. Within the present session they are those that are listed now.
    func expiries(of symbol: Symbol, at moment: Timestamp, isPresent: Bool) async throws -> ExpiryList {
        try await firstOfThePast(sourceOf: \.provenance.source) { provider in
            if let provider = provider as? any PastExpiryProvider {
                return try await provider.expiries(of: symbol, at: moment)
            }
            return isPresent ? try await provider.expiries(of: symbol) : nil
        } absent: {
            MarketDataError(.noDataForTime, "no source knows which expiries of \(symbol) were listed at \(moment)")
        }
    }

    /// What the first source has of the past; `nil` of one that keeps none.
    private func firstOfThePast<Value: Sendable>(
        sourceOf: (Value) -> Provenance.Source, _ fetch: (any OpenInterestProvider) async throws -> Value?,
        check: (Value) throws -> Void = { _ in }, absent: () -> MarketDataError
    ) async throws -> Value {
        var failures: [MarketDataError] = []
        for provider in failover.providers {
            do {
                guard let value = try await fetch(provider) else { continue }
                failover.ledger.received(from: sourceOf(value))
                try check(value)
                return value
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = failover.note(error)
                failures.append(failure)
                guard failure.code.allowsNextSourceForThePast else { throw failure }
            }
        }
        throw failures.first { $0.code != .notSupported } ?? failures.first ?? absent()
    }

    /// The history of a range, from the first source that keeps one.
    func history(
        of symbol: Symbol, expiry: CalendarDate?, within range: TimeRange
    ) async throws -> [OpenInterestSnapshot] {
        try await failover.fetch {
            try await $0.openInterestHistory(of: symbol, expiry: expiry, within: range)
        } sourceOf: {
            $0.last?.provenance.source
        }
    }

    /// The same where the store has part of it: from a source of closing values, only the missing days.
    func history(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange, missing: MissingCloses
    ) async throws -> [OpenInterestSnapshot] {
        try await failover.fetch { provider in
            guard let closing = provider as? any ClosingOpenInterestProvider else {
                return try await provider.openInterestHistory(of: symbol, expiry: expiry, within: range)
            }
            let days = missing.days(of: closing.source)
            return days.isEmpty ? [] : try await closing.closingOpenInterest(of: symbol, expiry: expiry, on: days)
        } sourceOf: {
            $0.last?.provenance.source
        }
    }
}

extension MarketDataError.Code {
    fileprivate var allowsNextSourceForThePast: Bool {
        allowsNextSource || self == .noDataForTime || self == .expiryNotListed
    }
}

extension SourceFailover<any OpenInterestProvider> {
    /// Requests the expiries of one index from each source, for the ledger alone. A source in cooldown sends nothing.
    func probe() async {
        for provider in providers {
            do {
                let list = try await provider.expiries(of: Symbol(exchange: "NSE", ticker: "NIFTY"))
                ledger.received(from: list.provenance.source)
            } catch {
                if !(error is CancellationError) { _ = note(error) }
            }
        }
    }
}
